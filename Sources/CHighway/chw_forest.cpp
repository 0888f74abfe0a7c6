#include "chw_forest.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "chw_forest.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace chw {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// What differs between the precisions of columns.
template <class T>
struct Precision;

template <>
struct Precision<float> {
  using Word = uint32_t;
  using Node = chw_node32;
  static constexpr uint32_t categories = CHW_CATEGORIES32;
  static const float *thresholds(const chw_forest &forest) { return forest.thresholds32; }
  static const uint32_t *masks(const chw_forest &forest) { return forest.masks32; }
  static const chw_node32 *nodes(const chw_forest &forest) { return forest.nodes32; }
};

template <>
struct Precision<double> {
  using Word = uint64_t;
  using Node = chw_node64;
  static constexpr uint32_t categories = CHW_CATEGORIES64;
  static const double *thresholds(const chw_forest &forest) { return forest.thresholds64; }
  static const uint64_t *masks(const chw_forest &forest) { return forest.masks64; }
  static const chw_node64 *nodes(const chw_forest &forest) { return forest.nodes64; }
};

HWY_INLINE const float *Values(const chw_forest &forest, float) { return forest.values32; }
HWY_INLINE const double *Values(const chw_forest &forest, double) { return forest.values64; }

HWY_INLINE uint32_t LowestBit(uint32_t word) {
  return static_cast<uint32_t>(__builtin_ctz(word));
}
HWY_INLINE uint32_t LowestBit(uint64_t word) {
  return static_cast<uint32_t>(__builtin_ctzll(word));
}

// The exits of one word that remain to each row of a block.
template <class T, class Word>
HWY_INLINE void RemainingExits(
    const chw_forest &forest, size_t first, size_t last, const T *HWY_RESTRICT block, size_t stride,
    Word *HWY_RESTRICT exits) {
  const hn::ScalableTag<T> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  const size_t n = hn::Lanes(d);
  const T *thresholds = Precision<T>::thresholds(forest);
  const Word *masks = Precision<T>::masks(forest);
  for (size_t row = 0; row < CHW_BLOCK; row += 4 * n) {
    auto exits0 = hn::Set(du, ~Word{0});
    auto exits1 = exits0, exits2 = exits0, exits3 = exits0;
    for (size_t i = first; i < last; ++i) {
      const auto threshold = hn::Set(d, thresholds[i]);
      const auto mask = hn::Set(du, masks[i]);
      const T *values = block + forest.test_columns[i] * stride + row;
      const auto kept = [&](decltype(exits0) all, const T *at) HWY_ATTR {
        const auto passes = hn::RebindMask(du, hn::Le(hn::LoadU(d, at), threshold));
        return hn::IfThenElse(passes, all, hn::And(all, mask));
      };
      exits0 = kept(exits0, values);
      exits1 = kept(exits1, values + n);
      exits2 = kept(exits2, values + 2 * n);
      exits3 = kept(exits3, values + 3 * n);
    }
    hn::StoreU(exits0, du, exits + row);
    hn::StoreU(exits1, du, exits + row + n);
    hn::StoreU(exits2, du, exits + row + 2 * n);
    hn::StoreU(exits3, du, exits + row + 3 * n);
  }
}

// Writes the number of each row's exit from a tree's upper part.
template <class T>
HWY_INLINE void FindExits(
    const chw_forest &forest, const chw_tree &tree, const T *HWY_RESTRICT block, size_t stride,
    uint32_t *HWY_RESTRICT numbers) {
  using Word = typename Precision<T>::Word;
  HWY_ALIGN Word exits[CHW_BLOCK];
  const uint32_t *ends = forest.word_ends + tree.first_word;
  // From right to left, so that the first word that has exits left is the last to be heard.
  for (uint32_t word = tree.word_count; word-- > 0;) {
    const size_t first = word == 0 ? tree.first_test : ends[word - 1];
    RemainingExits<T, Word>(forest, first, ends[word], block, stride, exits);
    const uint32_t base = word * 8 * sizeof(Word);
    if (word + 1 == tree.word_count) {
      // Without an exit in the last word there is one in another; its number has no meaning here.
      constexpr Word highest = Word{1} << (8 * sizeof(Word) - 1);
      for (size_t row = 0; row < CHW_BLOCK; ++row) {
        numbers[row] = base + LowestBit(exits[row] | highest);
      }
    } else {
      for (size_t row = 0; row < CHW_BLOCK; ++row) {
        const Word word_exits = exits[row];
        numbers[row] = word_exits != 0 ? base + LowestBit(word_exits) : numbers[row];
      }
    }
  }
}

HWY_INLINE bool Contains(const uint32_t *words, uint32_t count, uint32_t index) {
  return index / 32 < count && (words[index / 32] >> (index % 32) & 1) == 1;
}

template <class T>
HWY_INLINE bool GoesLeft(const chw_forest &forest, uint64_t number, T cell) {
  const chw_category_split &split = forest.category_splits[number];
  const double value = cell;
  if (value != value) return split.missing_goes_left;
  const bool otherwise = split.has_known && split.missing_goes_left;
  const double end = 32.0 * std::max(split.left_count, split.known_count);
  if (!(value > -1 && value < end && (value >= 0 || split.rounds_towards_zero))) return otherwise;
  const uint32_t index = static_cast<uint32_t>(static_cast<int64_t>(value));
  const uint32_t *words = forest.category_words;
  if (Contains(words + split.left_start, split.left_count, index)) return true;
  if (!split.has_known || Contains(words + split.known_start, split.known_count, index)) return false;
  return otherwise;
}

// Walks rows of a block from their nodes to leaves, and writes the numbers of these.
template <class T, bool kHasCategories>
HWY_INLINE void Walk(
    const chw_forest &forest, uint32_t depth, const T *HWY_RESTRICT block, size_t stride,
    size_t row_count, uint32_t *HWY_RESTRICT rows) {
  const auto *nodes = Precision<T>::nodes(forest);
  for (uint32_t level = 0; level < depth; ++level) {
    uint32_t moved = 0;
    for (size_t row = 0; row < row_count; ++row) {
      const auto node = nodes[rows[row]];
      bool goes_right;
      if (kHasCategories && (node.column & Precision<T>::categories) != 0) {
        const size_t column = node.column & (Precision<T>::categories - 1);
        goes_right = !GoesLeft(forest, node.threshold, block[column * stride + row]);
      } else {
        T threshold;
        std::memcpy(&threshold, &node.threshold, sizeof threshold);
        goes_right = !(block[node.column * stride + row] <= threshold);
      }
      // A leaf's column is below its threshold, and its child itself.
      rows[row] += node.child + goes_right;
      moved |= node.child;
    }
    if (moved == 0) break;
  }
  for (size_t row = 0; row < row_count; ++row) {
    rows[row] = static_cast<uint32_t>(nodes[rows[row]].threshold);
  }
}

template <class T, class Score>
HWY_INLINE void Add(
    const chw_forest &forest, const T *block, size_t stride, size_t row_count, Score *scores) {
  const Score *values = Values(forest, Score{});
  const bool has_categories = forest.category_splits != nullptr;
  // Rows of several blocks are walked together: the more there are, the less one's wait for memory
  // matters.
  constexpr size_t most_rows = 8 * CHW_BLOCK;
  HWY_ALIGN uint32_t leaves[most_rows];
  for (size_t index = 0; index < forest.tree_count; ++index) {
    const chw_tree tree = forest.trees[index];
    for (size_t start = 0; start < row_count; start += most_rows) {
      const size_t blocks = (std::min(most_rows, row_count - start) + CHW_BLOCK - 1) / CHW_BLOCK;
      const size_t count = blocks * CHW_BLOCK;
      for (size_t row = 0; row < count; row += CHW_BLOCK) {
        FindExits<T>(forest, tree, block + start + row, stride, leaves + row);
      }
      if (tree.lower_depth > 0) {
        for (size_t row = 0; row < count; ++row) {
          leaves[row] = forest.exit_nodes[tree.first_exit + leaves[row]];
        }
        if (has_categories) {
          Walk<T, true>(forest, tree.lower_depth, block + start, stride, count, leaves);
        } else {
          Walk<T, false>(forest, tree.lower_depth, block + start, stride, count, leaves);
        }
      } else {
        for (size_t row = 0; row < count; ++row) leaves[row] += tree.first_leaf;
      }
      Score *sums = scores + tree.score * stride + start;
      if (forest.output_count == 1) {
        for (size_t row = 0; row < count; ++row) sums[row] += values[leaves[row]];
      } else {
        for (size_t output = 0; output < forest.output_count; ++output, sums += stride) {
          for (size_t row = 0; row < count; ++row) {
            sums[row] += values[leaves[row] * forest.output_count + output];
          }
        }
      }
    }
  }
}

void Add3232(const chw_forest *forest, const float *block, size_t stride, size_t rows, float *scores) {
  Add(*forest, block, stride, rows, scores);
}
void Add3264(const chw_forest *forest, const float *block, size_t stride, size_t rows, double *scores) {
  Add(*forest, block, stride, rows, scores);
}
void Add6432(const chw_forest *forest, const double *block, size_t stride, size_t rows, float *scores) {
  Add(*forest, block, stride, rows, scores);
}
void Add6464(const chw_forest *forest, const double *block, size_t stride, size_t rows, double *scores) {
  Add(*forest, block, stride, rows, scores);
}

// One column of at most a block's rows.
template <class T>
HWY_INLINE bool FillColumn(
    const chw_column &column, const double *HWY_RESTRICT rows, size_t feature_count, size_t count,
    T *HWY_RESTRICT to) {
  constexpr T least = -std::numeric_limits<T>::infinity();
  bool is_exact = true;
  const double *from = rows + column.feature;
  if (column.zero == 0 && !column.missing_is_zero && !column.zero_is_missing) {
    const T missing = column.missing_is_least ? least : std::numeric_limits<T>::quiet_NaN();
    for (size_t row = 0; row < count; ++row) {
      const double number = from[row * feature_count];
      const T value = static_cast<T>(number);
      const bool is_missing = number != number;
      is_exact &= (static_cast<double>(value) == number) | is_missing;
      to[row] = is_missing ? missing : value;
    }
    return is_exact;
  }
  for (size_t row = 0; row < count; ++row) {
    const double number = from[row * feature_count];
    T value = static_cast<T>(number);
    is_exact &= static_cast<double>(value) == number || number != number;
    if (std::fabs(static_cast<double>(value)) <= column.zero) value = 0;
    if (column.missing_is_zero && value != value) value = 0;
    if (column.zero_is_missing && value == 0) value = std::numeric_limits<T>::quiet_NaN();
    to[row] = column.missing_is_least && value != value ? least : value;
  }
  return is_exact;
}

template <class T>
HWY_INLINE bool Fill(
    const chw_column *columns, size_t column_count, const double *rows, size_t feature_count,
    size_t row_count, T *block, size_t stride) {
  bool is_exact = true;
  for (size_t start = 0; start < row_count; start += CHW_BLOCK) {
    const size_t count = std::min<size_t>(CHW_BLOCK, row_count - start);
    T *to = block + start;
    std::fill(to, to + CHW_BLOCK, -std::numeric_limits<T>::infinity());
    for (size_t column = 0; column < column_count; ++column) {
      to += stride;
      is_exact &= FillColumn(
          columns[column], rows + start * feature_count, feature_count, count, to);
      std::fill(to + count, to + CHW_BLOCK, to[count - 1]);
    }
  }
  return is_exact;
}

bool Fill32(
    const chw_column *columns, size_t column_count, const double *rows, size_t feature_count,
    size_t row_count, float *block, size_t stride) {
  return Fill(columns, column_count, rows, feature_count, row_count, block, stride);
}
bool Fill64(
    const chw_column *columns, size_t column_count, const double *rows, size_t feature_count,
    size_t row_count, double *block, size_t stride) {
  return Fill(columns, column_count, rows, feature_count, row_count, block, stride);
}

}  // namespace HWY_NAMESPACE
}  // namespace chw
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace chw {
HWY_EXPORT(Add3232);
HWY_EXPORT(Add3264);
HWY_EXPORT(Add6432);
HWY_EXPORT(Add6464);
HWY_EXPORT(Fill32);
HWY_EXPORT(Fill64);
}  // namespace chw

// HWY_EXPORT's tables are found in their own namespace.
using namespace chw;

bool chw_fill32(
    const chw_column *columns, size_t column_count, const double *rows, size_t feature_count,
    size_t row_count, float *block, size_t stride) {
  return HWY_DYNAMIC_DISPATCH(Fill32)(
      columns, column_count, rows, feature_count, row_count, block, stride);
}

void chw_fill64(
    const chw_column *columns, size_t column_count, const double *rows, size_t feature_count,
    size_t row_count, double *block, size_t stride) {
  HWY_DYNAMIC_DISPATCH(Fill64)(
      columns, column_count, rows, feature_count, row_count, block, stride);
}

void chw_forest_add_32_32(
    const chw_forest *forest, const float *block, size_t stride, size_t row_count, float *scores) {
  HWY_DYNAMIC_DISPATCH(Add3232)(forest, block, stride, row_count, scores);
}

void chw_forest_add_32_64(
    const chw_forest *forest, const float *block, size_t stride, size_t row_count, double *scores) {
  HWY_DYNAMIC_DISPATCH(Add3264)(forest, block, stride, row_count, scores);
}

void chw_forest_add_64_32(
    const chw_forest *forest, const double *block, size_t stride, size_t row_count, float *scores) {
  HWY_DYNAMIC_DISPATCH(Add6432)(forest, block, stride, row_count, scores);
}

void chw_forest_add_64_64(
    const chw_forest *forest, const double *block, size_t stride, size_t row_count, double *scores) {
  HWY_DYNAMIC_DISPATCH(Add6464)(forest, block, stride, row_count, scores);
}
#endif
