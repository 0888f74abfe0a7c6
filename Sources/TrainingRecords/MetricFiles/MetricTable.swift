internal import InputReading

/// A table with a step in each row and a metric in each column: Keras's `CSVLogger`, Lightning's
/// `metrics.csv`, DVCLive's plots.
///
/// Cells may be empty: Lightning writes training and validation in rows of their own.
struct MetricTable {
  let series: [MetricSeries]

  init(_ bytes: [UInt8], from place: Place) {
    let head = bytes.prefix { $0 != 0x0A }
    let separator =
      [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ",")].first { head.contains($0) }
      ?? UInt8(ascii: ",")
    var records = DelimitedRecords(bytes, separator: separator)
    let header = records.next()?.texts ?? []
    // DVCLive names the column after the file, and the folder tells the split.
    let folder = place.file.split(separator: "/").dropLast().last.map(String.init)
    let isKeras = header.first == "epoch" && header.contains { $0.hasPrefix("val_") }
    let columns = header.map { name -> MetricName? in
      guard let metric = MetricName(name) else { return nil }
      guard metric.split == nil else { return metric }
      // Beside validation columns the ones without a word are the training data's.
      if isKeras { return metric.ofTraining }
      return metric.of(folder.flatMap { MetricName.split(of: $0) })
    }
    let steps = ["epoch", "step", "iteration"].lazy.compactMap { header.firstIndex(of: $0) }.first
    var collectors: [Int: SeriesCollector] = [:]
    while let record = records.next() {
      let texts = record.texts
      let step = steps.flatMap { $0 < texts.count ? Double(decimal: texts[$0]) : nil }
      for (column, metric) in columns.enumerated() where column < texts.count {
        guard let metric, let number = PrintedNumber(cell: texts[column]) else { continue }
        let point = SeriesPoint(number: number, step: step, line: record.line)
        collectors[
          column,
          default: SeriesCollector(
            name: header[column], metric: metric, stream: nil,
            framework: isKeras ? .keras : nil, first: point)
        ].add(point, isFinal: false)
      }
    }
    series = collectors.sorted { $0.key < $1.key }.map { $0.value.series(in: place) }
  }
}

extension PrintedNumber {
  /// A number in a file, or what Python writes for none.
  init?(cell text: String) {
    let word = text.lowercased()
    if ["nan", "inf", "infinity"].contains(word) {
      self.init(notFinite: word)
    } else {
      self.init(text)
    }
  }
}
