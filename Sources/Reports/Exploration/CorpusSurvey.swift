import AudioIO
import CommandLineTool
public import Corpora
import Evaluation
import Features
import FileIO
public import Training

/// What the clips of a corpus sound like: each in a few numbers, and one clip of each emotion in full.
public struct CorpusSurvey: Sendable {
  let profiles: [ClipProfile]
  let examples: [(label: String, clip: Clip, analysis: ClipAnalysis)]
  /// Clips that could not be read, and why.
  public let unreadable: [UnusableClip]
  let skipped: [SkippedFile]

  /// Works on all cores; `progress` is told how many clips are done.
  public init(of corpus: Corpus, progress: (Int) -> Void = { _ in }) async throws {
    let analyzer = try ClipAnalyzer()
    var found = [Result<ClipProfile, UnusableClip>?](repeating: nil, count: corpus.clips.count)
    var done = 0
    await withTaskGroup(of: (Int, Result<ClipProfile, UnusableClip>).self) { group in
      for (place, clip) in corpus.clips.enumerated() {
        group.addTask { (place, Self.profile(clip, analyzer)) }
      }
      for await (place, result) in group {
        found[place] = result
        done += 1
        progress(done)
      }
    }
    let results = found.compactMap(\.self)
    profiles = results.compactMap { try? $0.get() }
    unreadable = results.compactMap { if case .failure(let error) = $0 { error } else { nil } }
    skipped = corpus.skipped
    examples = try Self.examples(profiles, analyzer)
  }

  public var isEmpty: Bool { profiles.isEmpty }

  private static func profile(
    _ clip: Clip, _ analyzer: ClipAnalyzer
  ) -> Result<ClipProfile, UnusableClip> {
    Result { () throws(UnusableClip) in ClipProfile(clip, try analysis(clip, analyzer)) }
  }

  private static func analysis(
    _ clip: Clip, _ analyzer: ClipAnalyzer
  ) throws(UnusableClip) -> ClipAnalysis {
    do {
      return try analyzer(AudioDecoder().decode(File(clip.path).read(limit: 1 << 30)).waveform)
    } catch let error as FileError {
      throw UnusableClip(path: clip.path, reason: .file(error))
    } catch let error as AudioError {
      throw UnusableClip(path: clip.path, reason: .audio(error))
    } catch let error as FeatureError {
      throw UnusableClip(path: clip.path, reason: .features(error))
    } catch {
      preconditionFailure("an error of another kind: \(error)")
    }
  }

  /// For each label the clip whose duration is the median of its kind.
  private static func examples(
    _ profiles: [ClipProfile], _ analyzer: ClipAnalyzer
  ) throws(UnusableClip) -> [(label: String, clip: Clip, analysis: ClipAnalysis)] {
    let labels = LabelSet.own(of: profiles.map(\.clip)).labels
    var examples: [(label: String, clip: Clip, analysis: ClipAnalysis)] = []
    for label in labels {
      let own = profiles.filter { $0.clip.label == label }.sorted {
        ($0.duration, $0.clip.path) < ($1.duration, $1.clip.path)
      }
      let clip = own[own.count / 2].clip
      examples.append((label, clip, try analysis(clip, analyzer)))
    }
    return examples
  }
}

extension CorpusSurvey {
  /// Labels in the order of the vocabulary, those outside it after them.
  var labels: [String] { LabelSet.own(of: profiles.map(\.clip)).labels }

  func profiles(of label: String) -> [ClipProfile] { profiles.filter { $0.clip.label == label } }
}

extension CorpusSurvey: CustomStringConvertible {
  /// Counts, and what each emotion sounds like in numbers, to read in a terminal.
  public var description: String {
    CorpusSummary(clips: profiles.map(\.clip), skipped: skipped).description + "\n"
      + voices.text
  }

  private var voices: TextTable {
    var table = TextTable(
      header: [
        "median of", "seconds", "pitch Hz", "range semitones", "level dB", "centroid Hz", "voiced",
      ])
    for label in labels { table.add([label] + figures(profiles(of: label))) }
    return table
  }

  private func figures(_ profiles: [ClipProfile]) -> [String] {
    func median(_ values: [Double], _ digits: Int) -> String {
      values.isEmpty ? "-" : fixed(quantile(values.sorted(), 0.5), digits)
    }
    return [
      median(profiles.map(\.duration), 2), median(profiles.compactMap(\.pitch), 0),
      median(profiles.compactMap(\.pitchRange), 1), median(profiles.map(\.level), 1),
      median(profiles.map(\.centroid), 0), median(profiles.map(\.voicedShare), 2),
    ]
  }
}
