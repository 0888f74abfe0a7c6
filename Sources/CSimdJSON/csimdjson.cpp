#include "csimdjson.h"

#include <simdjson.h>

#include <limits>
#include <new>
#include <string>
#include <string_view>
#include <vector>

using namespace simdjson;

struct csj_document {
  std::vector<csj_node> nodes;
  std::string texts;
};

namespace {

struct Failure {
  error_code code;
  size_t offset;
};

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && blanks.find(token.back()) != std::string_view::npos)
    token.remove_suffix(1);
  return token;
}

// The values that Python's json module writes though JSON has no name for them.
bool python_number(std::string_view token, double &number) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (token == "NaN") number = std::numeric_limits<double>::quiet_NaN();
  else if (token == "Infinity") number = infinity;
  else if (token == "-Infinity") number = -infinity;
  else return false;
  return true;
}

class Flattener {
 public:
  // Offsets count `skipped` bytes that stand before the input.
  Flattener(const padded_string &input, size_t skipped, csj_document &document, size_t max_depth)
      : start_(input.data()), skipped_(skipped), document_(document), max_depth_(max_depth) {}

  // `Value` is a document (the root) or a value inside one; both answer the same questions.
  template <typename Value>
  void flatten(Value &value, size_t depth) {
    const std::string_view raw = value.raw_json_token();
    const size_t offset = offset_ = offset_of(raw.data());
    if (depth > max_depth_) throw Failure{DEPTH_ERROR, offset};
    switch (raw.empty() ? '\0' : raw.front()) {
      case '{': return object(value, offset, depth);
      case '[': return array(value, offset, depth);
      case '"': return string(check(value.get_string()), offset);
      case 't':
      case 'f': {
        // simdjson 3.0.1 takes a root that only begins with "false".
        const std::string_view token = trimmed(raw);
        if (token != "true" && token != "false")
          throw Failure{token.front() == 't' ? T_ATOM_ERROR : F_ATOM_ERROR, offset};
        const bool truth = check(value.get_bool());
        document_.nodes.push_back({truth ? CSJ_TRUE : CSJ_FALSE, offset, 0, 0, 0});
        return;
      }
      case 'n':
        if (!check(value.is_null())) throw Failure{N_ATOM_ERROR, offset};
        document_.nodes.push_back({CSJ_NULL, offset, 0, 0, 0});
        return;
      default: return number(value, trimmed(raw), offset);
    }
  }

  size_t offset() const { return offset_; }

  // Where a root ends that is one of Python's numbers, which the parser does not pass over.
  size_t python_root_end() const { return python_root_end_; }

 private:
  size_t offset_of(const char *place) const {
    return static_cast<size_t>(place - start_) + skipped_;
  }

  template <typename T>
  T check(simdjson_result<T> result) {
    T value;
    const error_code code = std::move(result).get(value);
    if (code) throw Failure{code, offset_};
    return value;
  }

  bool check(bool value) { return value; }

  void string(std::string_view text, size_t offset) {
    document_.nodes.push_back({CSJ_STRING, offset, text.size(), 0, document_.texts.size()});
    document_.texts.append(text);
  }

  template <typename Value>
  void number(Value &value, std::string_view token, size_t offset) {
    double number;
    if (python_number(token, number)) skip(value, offset + token.size());
    else if (token.empty() || (token[0] != '-' && (token[0] < '0' || token[0] > '9')))
      throw Failure{TAPE_ERROR, offset};
    else number = check(value.get_double());
    document_.nodes.push_back({CSJ_NUMBER, offset, token.size(), number, 0});
  }

  // Inside a container the iterator passes over a scalar that nobody asked for by itself.
  void skip(ondemand::value &, size_t) {}
  void skip(ondemand::document &, size_t end) { python_root_end_ = end; }

  template <typename Value>
  void array(Value &value, size_t offset, size_t depth) {
    const size_t index = open(CSJ_ARRAY, offset);
    ondemand::array elements = check(value.get_array());
    size_t count = 0;
    for (simdjson_result<ondemand::value> element : elements) {
      ondemand::value inner = check(std::move(element));
      flatten(inner, depth + 1);
      ++count;
    }
    document_.nodes[index].length = count;
  }

  template <typename Value>
  void object(Value &value, size_t offset, size_t depth) {
    const size_t index = open(CSJ_OBJECT, offset);
    ondemand::object members = check(value.get_object());
    size_t count = 0;
    for (simdjson_result<ondemand::field> member : members) {
      ondemand::field field = check(std::move(member));
      // The raw key begins behind its quotation mark.
      const size_t key = offset_of(field.key().raw()) - 1;
      offset_ = key;
      string(check(field.unescaped_key()), key);
      ondemand::value inner = field.value();
      flatten(inner, depth + 1);
      ++count;
    }
    document_.nodes[index].length = count;
  }

  size_t open(int32_t kind, size_t offset) {
    document_.nodes.push_back({kind, offset, 0, 0, 0});
    return document_.nodes.size() - 1;
  }

  const char *start_;
  size_t skipped_;
  csj_document &document_;
  size_t max_depth_;
  size_t offset_ = 0;
  size_t python_root_end_ = 0;
};

}  // namespace

csj_document *csj_parse(const uint8_t *bytes, size_t count, size_t max_depth, csj_error *error) {
  csj_document *document = new (std::nothrow) csj_document;
  if (document == nullptr) {
    *error = {"not enough memory for the document", 0};
    return nullptr;
  }
  size_t last_offset = 0;
  try {
    const std::string_view file(reinterpret_cast<const char *>(bytes), count);
    const size_t skipped =
        file.substr(0, byte_order_mark.size()) == byte_order_mark ? byte_order_mark.size() : 0;
    const padded_string input(file.substr(skipped));
    ondemand::parser parser;
    ondemand::document root;
    if (const error_code code = parser.iterate(input).get(root)) throw Failure{code, 0};
    Flattener flattener(input, skipped, *document, max_depth);
    try {
      flattener.flatten(root, 1);
    } catch (Failure &) {
      throw;
    } catch (simdjson_error &failure) {
      throw Failure{failure.error(), flattener.offset()};
    }
    last_offset = flattener.offset();
    // A document that has been read to its end has no current location.
    const size_t end = flattener.python_root_end();
    const bool is_whole = end > 0 ? file.find_first_not_of(blanks, end) == std::string_view::npos
                                  : root.current_location().error() == OUT_OF_BOUNDS;
    if (!is_whole) throw Failure{TRAILING_CONTENT, last_offset};
    return document;
  } catch (Failure &failure) {
    *error = {error_message(failure.code), failure.offset};
  } catch (simdjson_error &failure) {
    *error = {error_message(failure.error()), last_offset};
  } catch (std::bad_alloc &) {
    *error = {"not enough memory for the document", last_offset};
  }
  delete document;
  return nullptr;
}

size_t csj_node_count(const csj_document *document) { return document->nodes.size(); }

const csj_node *csj_nodes(const csj_document *document) { return document->nodes.data(); }

const uint8_t *csj_texts(const csj_document *document) {
  return reinterpret_cast<const uint8_t *>(document->texts.data());
}

void csj_free(csj_document *document) { delete document; }

#define CSJ_TEXT_OF(token) #token
#define CSJ_TEXT(macro) CSJ_TEXT_OF(macro)

const char *csj_version() { return CSJ_TEXT(SIMDJSON_VERSION); }

bool csj_is_utf8(const uint8_t *bytes, size_t count) {
  return validate_utf8(reinterpret_cast<const char *>(bytes), count);
}
