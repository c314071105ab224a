/// The candidate that a misspelt word most likely meant: at most a third of it wrong, or what it begins.
func nearest(to word: String, among candidates: [String]) -> String? {
  let distances = candidates.map { (name: $0, distance: editDistance(word, $0)) }
  let best = distances.min { $0.distance < $1.distance }
  if let best, best.distance <= max(1, word.count / 3) { return best.name }
  let begun = candidates.filter { word.count > 3 && $0.hasPrefix(word) }
  return begun.count == 1 ? begun[0] : nil
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other
/// (optimal string alignment).
func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first)
  let b = Array(second)
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var cost = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
        cost = min(cost, beforeLast[j - 1] + 1)
      }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
