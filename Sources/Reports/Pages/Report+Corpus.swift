import CommandLineTool
import Corpora
import Evaluation

extension Report {
  /// What is in a corpus, and how its emotions sound.
  public init(_ survey: CorpusSurvey) {
    let clips = survey.profiles.map(\.clip)
    let corpora = Set(clips.map(\.corpus)).sorted().joined(separator: ", ")
    let leftOut = survey.unreadable.count + survey.skipped.count
    self.init(
      title: "\(corpora): \(clips.count) clips of \(Set(clips.map(\.speaker)).count) speakers",
      lead: leftOut == 0 ? "Every audio file was read." : "\(leftOut) files were left out.",
      sections: [
        Section(title: "Clips", blocks: [.pictures(Self.counts(survey))]),
        Section(
          title: "How the emotions sound",
          blocks: [
            .paragraph(
              "Boxes hold the middle half of the clips, the thick line is their median; whiskers reach "
                + "from the 5th to the 95th percentile. Pitch is that of voiced frames, by YIN."),
            .pictures(Self.distributions(survey)),
          ]),
        Section(title: "All clips in a plane", blocks: Self.projection(survey)),
        Section(
          title: "A clip of each emotion",
          blocks: [
            .pictures(
              survey.examples.map { .clip($0.analysis, label: $0.label, speaker: $0.clip.speaker) })
          ]),
      ])
  }

  private static func counts(_ survey: CorpusSurvey) -> [Picture] {
    let clips = survey.profiles.map(\.clip)
    let speakers = Set(clips.map(\.speaker)).sorted()
    func parts(_ isOf: (Clip, String) -> Bool, _ categories: [String]) -> [(String, [Int])] {
      [(Sex.female as Sex?, "women"), (.male, "men"), (nil, "unknown")].map { sex, name in
        (name, categories.map { category in clips.count { $0.sex == sex && isOf($0, category) } })
      }.filter { $0.1.contains { $0 > 0 } }
    }
    return [
      .bars(
        "emotions", caption: "Clips of each emotion, by the speakers' sex.", axis: "emotion",
        categories: survey.labels, parts: parts({ $0.label == $1 }, survey.labels)),
      .bars(
        "speakers", caption: "Clips of each speaker.", axis: "speaker", categories: speakers,
        parts: parts({ $0.speaker == $1 }, speakers)),
      .histogram(
        "durations", caption: "How long the clips are.", axis: "duration (s)",
        values: survey.profiles.map(\.duration)),
    ]
  }

  private static func distributions(_ survey: CorpusSurvey) -> [Picture] {
    func boxes(
      _ name: String, _ axis: String, _ caption: String, _ value: (ClipProfile) -> Double?
    ) -> Picture {
      .boxes(
        "feature-\(name)", caption: caption, axis: axis,
        groups: survey.labels.map { ($0, survey.profiles(of: $0).compactMap(value)) })
    }
    return [
      boxes("pitch", "median pitch (Hz)", "Median pitch of the clips.") { $0.pitch },
      boxes("pitch-range", "pitch range (semitones)", "10th to 90th percentile of pitch.") {
        $0.pitchRange
      },
      boxes("level", "level (dB of full scale)", "Mean level of the frames that are no silence.") {
        $0.level
      },
      boxes("centroid", "spectral centroid (Hz)", "Median centre of the spectrum.") { $0.centroid },
      boxes("duration", "duration (s)", "Length of the clips.") { $0.duration },
      boxes("voiced", "voiced fraction", "Fraction of the sounding frames that are voiced.") {
        $0.voicedShare
      },
    ]
  }

  private static func projection(_ survey: CorpusSurvey) -> [Block] {
    guard survey.profiles.count > 2 else { return [.paragraph("Too few clips for a projection.")] }
    let pitches = survey.profiles.compactMap(\.pitch).sorted()
    let middle = pitches.isEmpty ? 1 : quantile(pitches, 0.5)
    let components = PrincipalComponents(survey.profiles.map { $0.vector(pitchless: middle) })
    let shares = components.shares.map { fixed(100 * $0, 0) }
    return [
      .paragraph(
        "Principal components of pitch, its range, voicing, level, spectral centroid and the means "
          + "and deviations of 19 MFCC, each standardised. They know nothing of the emotions: what "
          + "lies apart here sounds apart."),
      .pictures([
        .scatter(
          "projection", caption: "The clips on their first two principal components.",
          axes: (
            "first component (\(shares[0]) % of the variance)",
            "second component (\(shares[1]) % of the variance)"
          ),
          groups: survey.labels.map { label in
            (
              label,
              survey.profiles.indices.filter { survey.profiles[$0].clip.label == label }
                .map { components.points[$0] }
            )
          })
      ]),
    ]
  }
}
