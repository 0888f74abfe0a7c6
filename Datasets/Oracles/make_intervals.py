"""Writes intervals.json: intervals of metrics and tests of two models on the same rows, as other libraries have them.

- `wilson`: statsmodels' proportion_confint.
- `normal`: scipy's quantiles of the normal distribution.
- `mcnemar`: statsmodels' exact McNemar test of the rows that one model alone has right.
- `delong`: the variance of two ROC areas of the same rows, that of their difference, and the p-value, by MLstatkit. The
  variance of one area is that of its difference from a constant ranking's, which has none.
- `bootstrap`: the percentile interval of scipy.stats.bootstrap over 4,000 resamplings of scikit-learn's and scipy's
  metrics, with the standard deviation of the metric over resamplings; the ends are random, so they are to be compared
  within a share of that deviation.
"""

import numpy
from MLstatkit import Delong_test
from scipy import stats
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from oracle import write

SEED = 20260507
generator = numpy.random.default_rng(SEED)


def wilson():
    for trials in (1, 2, 10, 137, 2_000, 10_000_000):
        for hits in sorted({0, 1, trials // 3, trials // 2, trials - 1, trials}):
            for level in (0.5, 0.9, 0.95, 0.999):
                low, high = proportion_confint(hits, trials, alpha=1 - level, method="wilson")
                yield {"hits": hits, "trials": trials, "level": level, "low": low, "high": high}


def normal():
    for probability in (1e-300, 1e-20, 1e-5, 0.001, 0.025, 0.2, 0.4999, 0.5, 0.7, 0.975, 0.999999):
        yield {"probability": probability, "quantile": stats.norm.ppf(probability)}


def mcnemar_cases():
    for first, second in ((0, 0), (0, 1), (1, 0), (3, 9), (9, 3), (25, 25), (40, 90), (5_000, 5_300), (1_000_000, 1_003_000)):
        yield {"first": first, "second": second, "p": mcnemar([[7, first], [second, 5]], exact=True).pvalue}


def delong():
    for rows in (4, 10, 57, 300):
        for levels in (3, 20, 10_000):
            labels = numpy.r_[0, 0, 1, 1, generator.integers(0, 2, rows - 4)]
            shift = labels * generator.random()
            first = numpy.round((generator.random(rows) + shift) * levels) / levels
            second = numpy.round((generator.random(rows) + shift * 1.5) * levels) / levels
            # MLstatkit resamples instead where a model ranks every row right.
            first[:4], second[:4] = [0.2, 0.6, 0.4, 0.8], [0.4, 0.6, 0.5, 0.8]
            constant = numpy.zeros(rows)
            found = Delong_test(labels, first, second)
            yield {
                "labels": labels.tolist(), "first": first.tolist(), "second": second.tolist(), "p": found[1],
                "variances": [Delong_test(labels, one, constant)[6]["var_diff"] for one in (first, second)],
                "difference_variance": found[6]["var_diff"],
            }


def resampled(function, *columns, level=0.95):
    def statistic(*rows):
        return function(*rows)

    found = stats.bootstrap(
        columns, statistic, n_resamples=4_000, confidence_level=level, method="percentile", paired=True,
        vectorized=False, rng=numpy.random.default_rng(7))
    return {
        "value": function(*columns), "low": found.confidence_interval.low, "high": found.confidence_interval.high,
        "deviation": found.standard_error,
    }


def bootstrap():
    rows = 300
    labels = generator.integers(0, 2, rows)
    scores = numpy.round(1 / (1 + numpy.exp(-generator.normal(size=rows) - 1.5 * (labels - 0.5))), 2)
    cut = scores > 0.5
    yield {
        "task": "binary", "labels": labels, "scores": scores, "expected": {
            "f1": resampled(lambda y, p: metrics.f1_score(y, p), labels, cut),
            "balanced_accuracy": resampled(metrics.balanced_accuracy_score, labels, cut),
            "matthews_corrcoef": resampled(metrics.matthews_corrcoef, labels, cut),
            "average_precision": resampled(metrics.average_precision_score, labels, scores),
            "ks_statistic": resampled(
                lambda y, s: stats.ks_2samp(s[y == 1], s[y == 0]).statistic, labels, scores),
            "log_loss": resampled(metrics.log_loss, labels, scores),
            "brier_score": resampled(metrics.brier_score_loss, labels, scores),
        }}
    weights = generator.integers(1, 6, rows).astype(float)
    yield {
        "task": "binary", "labels": labels, "scores": scores, "weights": weights, "expected": {
            "accuracy": resampled(
                lambda y, p, w: metrics.accuracy_score(y, p, sample_weight=w), labels, cut, weights),
            "roc_auc": resampled(
                lambda y, s, w: metrics.roc_auc_score(y, s, sample_weight=w), labels, scores, weights),
            "log_loss": resampled(lambda y, s, w: metrics.log_loss(y, s, sample_weight=w), labels, scores, weights),
        }}
    classes = generator.integers(0, 3, rows)
    probabilities = generator.dirichlet(numpy.ones(3), rows)
    probabilities[numpy.arange(rows), classes] += 0.4
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    index = numpy.arange(rows)
    yield {
        "task": "multiclass", "labels": classes, "probabilities": probabilities, "expected": {
            "f1_macro": resampled(
                lambda i: metrics.f1_score(classes[i], probabilities[i].argmax(1), average="macro"), index),
            "roc_auc_ovr": resampled(
                lambda i: metrics.roc_auc_score(classes[i], probabilities[i], multi_class="ovr"), index),
            "roc_auc_ovo_weighted": resampled(
                lambda i: metrics.roc_auc_score(
                    classes[i], probabilities[i], multi_class="ovo", average="weighted"), index),
            "log_loss": resampled(lambda i: metrics.log_loss(classes[i], probabilities[i]), index),
        }}
    targets = generator.normal(10, 3, rows)
    predictions = targets + generator.normal(0, 1, rows)
    yield {
        "task": "regression", "targets": targets, "predictions": predictions, "expected": {
            "mean_absolute_error": resampled(metrics.mean_absolute_error, targets, predictions),
            "root_mean_squared_error": resampled(metrics.root_mean_squared_error, targets, predictions),
            "median_absolute_error": resampled(metrics.median_absolute_error, targets, predictions),
            "r2": resampled(metrics.r2_score, targets, predictions),
            "explained_variance": resampled(metrics.explained_variance_score, targets, predictions),
            "pearson_correlation": resampled(lambda t, p: stats.pearsonr(t, p).statistic, targets, predictions),
            "spearman_correlation": resampled(lambda t, p: stats.spearmanr(t, p).statistic, targets, predictions),
        }}


def cases():
    for kind in (wilson, normal, mcnemar_cases, delong, bootstrap):
        for index, case in enumerate(kind()):
            yield {"name": f"{kind.__name__} {index}", **{key: numbers(value) for key, value in case.items()}}


def numbers(value):
    """Python's own numbers and lists."""
    if isinstance(value, dict):
        return {key: numbers(one) for key, one in value.items()}
    return numpy.asarray(value).tolist()


if __name__ == "__main__":
    write("intervals.json", SEED, list(cases()))
