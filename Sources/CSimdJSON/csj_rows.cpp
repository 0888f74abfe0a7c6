#include "csj_rows.h"

#include <simdjson.h>

#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

using namespace simdjson;

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && blanks.find(token.back()) != std::string_view::npos)
    token.remove_suffix(1);
  return token;
}

bool opens_container(std::string_view token) {
  return !token.empty() && (token.front() == '[' || token.front() == '{');
}

// A key on the way to a wanted value, or to several.
struct Node {
  std::string key;
  // The slot of the value itself, or -1.
  long slot = -1;
  std::vector<std::unique_ptr<Node>> inner;
  // Where the next key is looked for first: records have theirs in one order.
  size_t expected = 0;

  Node *find(std::string_view wanted) {
    for (size_t tried = 0; tried < inner.size(); ++tried) {
      if (expected >= inner.size()) expected = 0;
      Node *node = inner[expected++].get();
      if (node->key == wanted) return node;
    }
    return nullptr;
  }

  Node *make(std::string_view wanted) {
    if (Node *known = find(wanted)) return known;
    inner.push_back(std::make_unique<Node>());
    inner.back()->key = wanted;
    return inner.back().get();
  }
};

struct Refusal {
  const char *message;
};

}  // namespace

struct csj_rows {
  size_t max_depth;
  Node root;
  std::vector<std::vector<csj_cell>> slots;
  size_t count = 0;
  std::string texts;
  ondemand::parser parser;
  const char *bytes = nullptr;

  template <typename T>
  T check(simdjson_result<T> result) {
    T value;
    if (const error_code code = std::move(result).get(value)) throw Refusal{error_message(code)};
    return value;
  }

  void begin_row() {
    for (auto &slot : slots) slot.push_back({0, 0, false});
    ++count;
  }

  void set(Node &node, std::string_view raw, bool is_string) {
    const size_t start = static_cast<size_t>(raw.data() - bytes);
    slots[node.slot].back() = {
        static_cast<uint32_t>(start), static_cast<uint32_t>(start + raw.size()), is_string};
  }

  template <typename Value>
  void read(Value &value, Node &node, size_t depth) {
    const std::string_view raw = value.raw_json_token();
    if (depth > max_depth) throw Refusal{"it is nested too deeply"};
    switch (raw.empty() ? '\0' : raw.front()) {
      case '{': return members(value, node, depth);
      case '[': return elements(value, node, depth);
      case '"': return string(value, node, raw);
      case 't':
      case 'f': {
        const std::string_view token = trimmed(raw);
        if (token != "true" && token != "false") throw Refusal{"a word is no JSON"};
        if (node.slot >= 0) set(node, token, false);
        return;
      }
      case 'n': {
        if (trimmed(raw) != "null") {
          // Python's json module writes NaN so.
          throw Refusal{"a word is no JSON"};
        }
        return;
      }
      default: {
        const std::string_view token = trimmed(raw);
        if (token.empty()) throw Refusal{"a value is missing"};
        const bool is_number = token[0] == '-' || (token[0] >= '0' && token[0] <= '9');
        const bool is_word = token == "NaN" || token == "Infinity" || token == "-Infinity";
        if (!is_number && !is_word) throw Refusal{"a value is no JSON"};
        if (node.slot >= 0) set(node, token, false);
      }
    }
  }

  template <typename Value>
  void string(Value &value, Node &node, std::string_view raw) {
    if (node.slot < 0) return;
    const std::string_view token = trimmed(raw);
    if (std::memchr(token.data(), '\\', token.size()) == nullptr) {
      // The closing quote is the last byte, whatever stands behind it in the input.
      const void *quote = std::memchr(token.data() + 1, '"', token.size() - 1);
      if (quote == nullptr) throw Refusal{"a string does not end"};
      const char *end = static_cast<const char *>(quote);
      return set(node, {token.data() + 1, static_cast<size_t>(end - token.data()) - 1}, true);
    }
    const std::string_view text = check<std::string_view>(value.get_string());
    const size_t start = texts.size();
    texts.append(text);
    slots[node.slot].back() = {
        static_cast<uint32_t>(start) | CSJ_IN_TEXTS,
        static_cast<uint32_t>(texts.size()) | CSJ_IN_TEXTS, true};
  }

  template <typename Value>
  void members(Value &value, Node &node, size_t depth) {
    for (auto member : check<ondemand::object>(value.get_object())) {
      ondemand::field field = check<ondemand::field>(std::move(member));
      const std::string_view key = check<std::string_view>(field.unescaped_key());
      if (Node *inner = node.find(key)) {
        ondemand::value content = field.value();
        read(content, *inner, depth + 1);
      }
    }
  }

  template <typename Value>
  void elements(Value &value, Node &node, size_t depth) {
    size_t index = 0;
    for (auto element : check<ondemand::array>(value.get_array())) {
      ondemand::value content = check<ondemand::value>(std::move(element));
      if (Node *inner = node.find(std::to_string(index++))) read(content, *inner, depth + 1);
    }
  }

  void row_each(ondemand::array array) {
    for (auto element : array) {
      ondemand::value content = check<ondemand::value>(std::move(element));
      begin_row();
      read(content, root, 3);
    }
  }

  // What stands on a line: a row, or an array of them.
  void line(ondemand::document &document) {
    const std::string_view raw = document.raw_json_token();
    if (raw.empty()) throw Refusal{"a value is missing"};
    if (raw.front() == '[') {
      bool is_row = true;
      size_t index = 0;
      for (auto element : check<ondemand::array>(document.get_array())) {
        ondemand::value content = check<ondemand::value>(std::move(element));
        if (index == 0) {
          is_row = !opens_container(content.raw_json_token());
          if (is_row) begin_row();
        }
        if (is_row) {
          if (Node *inner = root.find(std::to_string(index))) read(content, *inner, 2);
        } else {
          begin_row();
          read(content, root, 2);
        }
        ++index;
      }
      return;
    }
    if (raw.front() != '{') throw Refusal{"a row is an object or an array"};
    bool is_first = true;
    for (auto member : check<ondemand::object>(document.get_object())) {
      ondemand::field field = check<ondemand::field>(std::move(member));
      const std::string_view key = check<std::string_view>(field.unescaped_key());
      ondemand::value content = field.value();
      if (is_first) {
        is_first = false;
        if ((key == "predictions" || key == "instances")
            && content.raw_json_token().front() == '[') {
          row_each(check<ondemand::array>(content.get_array()));
          is_rows_ = true;
          continue;
        }
        begin_row();
        is_rows_ = false;
      }
      // What else stands beside rows belongs to none of them.
      if (is_rows_) continue;
      if (Node *inner = root.find(key)) read(content, *inner, 2);
    }
    if (is_first) begin_row();
  }

  bool is_rows_ = false;

  void take_back(size_t rows) {
    count = rows;
    for (auto &slot : slots) slot.resize(rows);
  }

  bool parse(const char *first, const char *last, csj_error *error) {
    const size_t before = count;
    const size_t length = static_cast<size_t>(last - first);
    try {
      ondemand::document document;
      if (const error_code code =
              parser.iterate(first, length, length + SIMDJSON_PADDING).get(document))
        throw Refusal{error_message(code)};
      line(document);
      if (document.current_location().error() != OUT_OF_BOUNDS)
        throw Refusal{error_message(TRAILING_CONTENT)};
      return true;
    } catch (Refusal &refusal) {
      *error = {refusal.message, static_cast<size_t>(first - bytes)};
    } catch (simdjson_error &failure) {
      *error = {error_message(failure.error()), static_cast<size_t>(first - bytes)};
    } catch (std::bad_alloc &) {
      *error = {"not enough memory for it", static_cast<size_t>(first - bytes)};
    }
    take_back(before);
    return false;
  }
};

csj_rows *csj_rows_create(size_t max_depth) {
  try {
    csj_rows *rows = new csj_rows;
    rows->max_depth = max_depth;
    return rows;
  } catch (std::bad_alloc &) {
    return nullptr;
  }
}

void csj_rows_free(csj_rows *rows) { delete rows; }

size_t csj_rows_want(csj_rows *rows, const char *const *keys, const size_t *lengths, size_t count) {
  Node *node = &rows->root;
  for (size_t i = 0; i < count; ++i) node = node->make({keys[i], lengths[i]});
  if (node->slot < 0) {
    node->slot = static_cast<long>(rows->slots.size());
    rows->slots.emplace_back();
  }
  return static_cast<size_t>(node->slot);
}

size_t csj_rows_read(
    csj_rows *rows, const uint8_t *bytes, size_t start, size_t end, size_t max_lines, bool is_whole,
    csj_error *error) {
  rows->take_back(0);
  rows->texts.clear();
  rows->bytes = reinterpret_cast<const char *>(bytes);
  *error = {nullptr, 0};
  const char *p = rows->bytes + start;
  const char *limit = rows->bytes + end;
  for (size_t line = 0; line < max_lines && p < limit; ++line) {
    const void *found =
        is_whole ? nullptr : std::memchr(p, '\n', static_cast<size_t>(limit - p));
    const char *last = found == nullptr ? limit : static_cast<const char *>(found);
    const std::string_view text(p, static_cast<size_t>(last - p));
    if (text.find_first_not_of(blanks) != std::string_view::npos && !rows->parse(p, last, error))
      break;
    p = found == nullptr ? limit : last + 1;
  }
  return static_cast<size_t>(p - rows->bytes);
}

size_t csj_rows_count(const csj_rows *rows) { return rows->count; }

const csj_cell *csj_rows_cells(const csj_rows *rows, size_t slot) {
  return rows->slots[slot].data();
}

const uint8_t *csj_rows_texts(const csj_rows *rows, size_t *count) {
  *count = rows->texts.size();
  return reinterpret_cast<const uint8_t *>(rows->texts.data());
}
