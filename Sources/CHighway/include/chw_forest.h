// Sums of decision trees' leaf values over blocks of rows.
//
// A tree's upper part is a list of tests, all of which are made for every row, without a branch. What it
// leads to (leaves, or nodes of the lower part) are its exits, bits of words from left to right: a row
// that fails a test (its value is above the threshold, or NaN) loses the exits on the test's left, and
// the first exit that remains is the row's. Lower parts are walked node by node, rows side by side.
//
// Source of the first: C. Lucchese and others 2015, "QuickScorer", doi:10.1145/2766462.2767733.
#ifndef CHW_FOREST_H
#define CHW_FOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Rows that are looked at together; a column's stride is a multiple of it.
#define CHW_BLOCK 64

typedef struct {
  // Where its tests and its words of exits begin.
  uint32_t first_test;
  uint32_t first_word;
  uint32_t word_count;
  // Where its exits' nodes begin, if it has a lower part.
  uint32_t first_exit;
  // The number of its first exit among all leaves, if it has none.
  uint32_t first_leaf;
  // Nodes on the longest way through the lower part, leaves not counted.
  uint32_t lower_depth;
  // The score that the first value of a leaf is added to.
  uint32_t score;
} chw_tree;

// A node of a lower part: `column` 0 and `child` 0 for a leaf, whose values' number is the threshold's
// bits; the right child follows the left one, which is `child` nodes ahead. CHW_CATEGORIES added to the
// column stands for a split by category, whose number is the threshold's bits.
typedef struct {
  uint32_t threshold;
  uint16_t column;
  uint16_t child;
} chw_node32;

typedef struct {
  uint64_t threshold;
  uint32_t column;
  uint32_t child;
} chw_node64;

#define CHW_CATEGORIES32 0x8000u
#define CHW_CATEGORIES64 0x80000000u

// A split by category: a value's whole part is a bit of `left`, or else of `known`.
typedef struct {
  uint32_t left_start;
  uint32_t left_count;
  uint32_t known_start;
  uint32_t known_count;
  bool has_known;
  bool rounds_towards_zero;
  bool missing_goes_left;
} chw_category_split;

// What a column of a block is made of.
typedef struct {
  uint32_t feature;
  // A value as near to 0 as this is 0.
  double zero;
  bool missing_is_zero;
  bool zero_is_missing;
  // Whether a missing value passes every test.
  bool missing_is_least;
} chw_column;

// A forest; of arrays in two precisions that of the columns is there.
typedef struct {
  const chw_tree *trees;
  size_t tree_count;
  // Where the tests of each word end.
  const uint32_t *word_ends;
  const uint32_t *test_columns;
  const float *thresholds32;
  const double *thresholds64;
  // The exits that a row keeps that fails the test: 32 of a word, or 64.
  const uint32_t *masks32;
  const uint64_t *masks64;
  // The node that each exit of a tree with a lower part is.
  const uint32_t *exit_nodes;
  const chw_node32 *nodes32;
  const chw_node64 *nodes64;
  const chw_category_split *category_splits;
  const uint32_t *category_words;
  // The values of each leaf, in one of two precisions, in which they are added up as well.
  const float *values32;
  const double *values64;
  size_t output_count;
} chw_forest;

// Fills a block's columns, the first of which is below every threshold, from rows of `feature_count`
// numbers. The last rows are repeated up to a multiple of CHW_BLOCK.
//
// Returns whether single precision holds every number of these features exactly.
bool chw_fill32(
  const chw_column *columns, size_t column_count, const double *rows, size_t feature_count,
  size_t row_count, float *block, size_t stride);
void chw_fill64(
  const chw_column *columns, size_t column_count, const double *rows, size_t feature_count,
  size_t row_count, double *block, size_t stride);

// Adds the values of all trees to the scores of a block's rows, tree by tree: a score has `stride`
// numbers. The numbers in the names are bits of the columns, then of the scores.
void chw_forest_add_32_32(
  const chw_forest *forest, const float *block, size_t stride, size_t row_count, float *scores);
void chw_forest_add_32_64(
  const chw_forest *forest, const float *block, size_t stride, size_t row_count, double *scores);
void chw_forest_add_64_32(
  const chw_forest *forest, const double *block, size_t stride, size_t row_count, float *scores);
void chw_forest_add_64_64(
  const chw_forest *forest, const double *block, size_t stride, size_t row_count, double *scores);

#ifdef __cplusplus
}
#endif

#endif
