// swift-tools-version: 6.2
import PackageDescription

// Every Swift target is held to the same rules: Swift 6 concurrency, memory-safety annotations, and no warning left standing.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// A system library: a module map and a shim header, nothing else.
func library(_ name: String, pkgConfig: String? = nil, apt package: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], fixtures: Bool = false)
  -> Target
{
  .testTarget(
    name: "\(name)Tests",
    // Whatever decodes a recording finds the decoder program beside it.
    dependencies: [.target(name: name), "TestSupport", "emotion-decoder"] + dependencies,
    exclude: fixtures ? ["Fixtures"] : [],
    swiftSettings: strict)
}

let package = Package(
  name: "speech-emotion",
  products: [
    .executable(name: "emotion-server", targets: ["emotion-server"]),
    .executable(name: "emotion-decoder", targets: ["emotion-decoder"]),
    .executable(name: "emotion-lab", targets: ["emotion-lab"]),
  ],
  targets: [
    // L0: what C gives us.
    library("CSndfile", pkgConfig: "sndfile", apt: "libsndfile1-dev"),
    library("CMpg123", pkgConfig: "libmpg123", apt: "libmpg123-dev"),
    library("CXiph", apt: "libvorbis-dev"),
    library("CSoxr", pkgConfig: "soxr", apt: "libsoxr-dev"),
    library("COpenBLAS", pkgConfig: "openblas", apt: "libopenblas-dev"),
    library("CMicrohttpd", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
    library("CGnuTLS", pkgConfig: "gnutls", apt: "libgnutls28-dev"),
    library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-gnutls-dev"),
    library("CArchive", pkgConfig: "libarchive", apt: "libarchive-dev"),
    .target(name: "CMutexAnnotation"),
    .target(name: "CAllocator"),
    .target(name: "CDecoderChannel"),
    .target(name: "CConfinement", linkerSettings: [.linkedLibrary("seccomp")]),
    .target(name: "CVectorKernels"),
    .target(name: "CWebAssets", exclude: ["index.html"]),
    .target(name: "CVersion"),
    .target(name: "CPresets"),
    .target(name: "CSystemCalls"),
    // What libmicrohttpd and GnuTLS get wrong: docs/decisions/0002.
    .target(
      name: "Workarounds",
      linkerSettings: [.linkedLibrary("microhttpd"), .linkedLibrary("gnutls")]),

    // L1: one domain each, none knows another.
    module("AudioIO", ["CDecoderChannel"]),
    // C libraries that parse what strangers send: linked by the decoder program alone, and by who writes files.
    module("AudioCodecs", ["AudioIO", "CSndfile", "CMpg123", "CXiph"]),
    module("LinearAlgebra", ["COpenBLAS", "CVectorKernels"]),
    module("SignalProcessing", ["CSoxr", "CVectorKernels", "LinearAlgebra"]),
    module("HTTPServing", ["CMicrohttpd", "CSystemCalls", "Workarounds", "CGnuTLS"]),
    // Both programs have it, and so what ThreadSanitizer is told.
    module("CommandLineTool", ["CMutexAnnotation", "CVersion", "CSystemCalls"]),
    module("FileIO", []),
    module("Hashing", ["CGnuTLS"]),
    module("Downloads", ["CCurl", "CArchive", "FileIO"]),
    module("Metrics", []),
    module("StrictJSON", []),

    // L2: the front end and the network.
    module("SafeTensors", ["FileIO", "StrictJSON"]),
    module("Features", ["AudioIO", "LinearAlgebra", "SignalProcessing", "StrictJSON"]),
    module("NeuralNetwork", ["LinearAlgebra", "StrictJSON"]),
    module("EmotionModel", ["SafeTensors", "StrictJSON", "NeuralNetwork"]),
    module("ModelExchange", ["EmotionModel", "NeuralNetwork", "SafeTensors", "StrictJSON"]),

    // L3: recognising; and learning, in this order. Both take off what a speaker's earlier recordings have in common.
    module("Voices", ["Features", "LinearAlgebra"]),
    module(
      "Recognition",
      [
        "FileIO", "Hashing", "AudioIO", "SignalProcessing", "Features", "NeuralNetwork",
        "EmotionModel", "LinearAlgebra",
      ]),
    module("Corpora", ["FileIO", "AudioIO", "CommandLineTool"]),
    module("Augmentation", ["AudioIO", "AudioCodecs", "Features", "LinearAlgebra", "Corpora"]),
    module(
      "Training",
      [
        "FileIO", "Hashing", "AudioIO", "StrictJSON", "SafeTensors", "Features", "NeuralNetwork",
        "LinearAlgebra", "Corpora", "Augmentation",
      ]),
    module(
      "Evaluation",
      ["FileIO", "CommandLineTool", "StrictJSON", "LinearAlgebra", "Corpora", "Augmentation"]),
    module(
      "Experiments",
      [
        "CPresets", "FileIO", "Hashing", "StrictJSON", "Features", "NeuralNetwork", "LinearAlgebra",
        "Corpora",
        "Augmentation", "Training", "Evaluation", "Voices",
      ]),

    // L4: what people see.
    module(
      "Reports",
      [
        "FileIO", "AudioIO", "SignalProcessing", "LinearAlgebra", "Features", "NeuralNetwork",
        "EmotionModel", "Corpora", "Training", "Evaluation", "CommandLineTool",
      ]),
    module(
      "EmotionAPI",
      [
        "CWebAssets", "HTTPServing", "Hashing", "Metrics", "StrictJSON", "Recognition",
        "AudioIO", "SignalProcessing", "Features", "EmotionModel",
      ]),

    // L5: the programs.
    program("emotion-decoder", ["AudioIO", "AudioCodecs", "CConfinement", "CDecoderChannel"]),
    program(
      "emotion-server",
      [
        "EmotionAPI", "Recognition", "AudioIO", "FileIO", "HTTPServing", "CommandLineTool",
        "CAllocator",
      ]),
    program(
      "emotion-lab",
      [
        "CommandLineTool", "FileIO", "Hashing", "Downloads", "Corpora",
        "Augmentation", "Training", "Evaluation", "Experiments", "Reports", "Recognition",
        "Features", "NeuralNetwork", "EmotionModel", "SafeTensors", "ModelExchange", "AudioIO",
        "LinearAlgebra", "StrictJSON",
      ]),

    module(
      "TestSupport", ["EmotionModel", "NeuralNetwork", "SafeTensors", "LinearAlgebra", "CGnuTLS"]),
    module(
      "TrainingTestSupport",
      ["Corpora", "Augmentation", "Features", "LinearAlgebra", "NeuralNetwork", "Training"]),
    tests("AudioIO", ["AudioCodecs"], fixtures: true),
    tests("SignalProcessing", fixtures: true),
    tests("LinearAlgebra", ["CVectorKernels"]),
    tests("HTTPServing"),
    // What the libraries do without the workarounds is asked of a program that does not have them.
    .executableTarget(
      name: "library-faults", dependencies: ["CMicrohttpd", "TestSupport"],
      path: "Tests/LibraryFaults", swiftSettings: strict),
    .testTarget(
      name: "WorkaroundsTests", dependencies: ["library-faults"], swiftSettings: strict),
    tests("CommandLineTool"),
    tests("FileIO"),
    tests("Hashing"),
    tests("Metrics"),
    tests("StrictJSON"),
    tests("SafeTensors", ["FileIO"], fixtures: true),
    tests("Features", ["AudioIO", "SignalProcessing", "SafeTensors"], fixtures: true),
    tests(
      "NeuralNetwork", ["EmotionModel", "LinearAlgebra", "SafeTensors", "StrictJSON"],
      fixtures: true),
    tests("Voices", ["Features"]),
    tests("EmotionModel", ["FileIO", "LinearAlgebra", "NeuralNetwork", "SafeTensors"]),
    tests(
      "Recognition",
      [
        "FileIO", "AudioIO", "AudioCodecs", "Features", "NeuralNetwork", "EmotionModel",
        "SafeTensors",
      ],
      fixtures: true),
    tests("Corpora", ["AudioIO", "FileIO", "TrainingTestSupport"]),
    tests(
      "Augmentation",
      ["AudioIO", "AudioCodecs", "Features", "LinearAlgebra", "Corpora", "TrainingTestSupport"]),
    tests(
      "Training",
      [
        "FileIO", "Hashing", "AudioIO", "AudioCodecs", "SafeTensors", "Features", "NeuralNetwork",
        "LinearAlgebra", "Corpora", "Augmentation", "Evaluation", "TrainingTestSupport",
      ],
      fixtures: true),
    tests(
      "Evaluation",
      [
        "CommandLineTool", "FileIO", "LinearAlgebra", "Corpora", "Augmentation",
        "TrainingTestSupport",
      ],
      fixtures: true),
    tests(
      "Experiments",
      [
        "CPresets", "FileIO", "StrictJSON", "Features", "NeuralNetwork", "EmotionModel",
        "LinearAlgebra",
        "Corpora", "Augmentation", "Training", "Evaluation", "TrainingTestSupport",
      ]),
    tests("ModelExchange", ["EmotionModel", "NeuralNetwork", "SafeTensors"]),
    tests(
      "Reports",
      [
        "FileIO", "AudioIO", "AudioCodecs", "SignalProcessing", "Features", "NeuralNetwork",
        "EmotionModel", "Corpora", "Augmentation", "Training", "Evaluation",
      ]),
    // The program itself is run, so it has to be built.
    .testTarget(
      name: "EmotionLabTests",
      dependencies: [
        "emotion-lab", "emotion-decoder", "AudioIO", "AudioCodecs", "EmotionModel", "SafeTensors",
        "Experiments", "Augmentation", "Evaluation", "Corpora", "Hashing",
      ],
      exclude: ["Fixtures"],
      swiftSettings: strict),
    // Here, too, and its configuration is looked into.
    .testTarget(
      name: "EmotionServerTests",
      dependencies: [
        "emotion-server", "emotion-decoder", "AudioIO", "CommandLineTool", "EmotionAPI",
        "HTTPServing", "TestSupport",
      ],
      exclude: ["Fixtures"], swiftSettings: strict),
    tests(
      "EmotionAPI",
      [
        "AudioIO", "AudioCodecs", "Recognition", "SignalProcessing", "Features", "NeuralNetwork",
        "EmotionModel", "Hashing", "HTTPServing",
      ]),
  ],
  cLanguageStandard: .gnu17,
  cxxLanguageStandard: .cxx17
)

// libFuzzer brings a main of its own, so that this program is only there when it is asked for: Tests/Fuzzing/run.
if Context.environment["FUZZING"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "AudioIO", "AudioCodecs", "CommandLineTool", "Features", "EmotionModel",
        "SafeTensors", "HTTPServing", "StrictJSON", "TestSupport",
      ],
      path: "Tests/Fuzzing", exclude: ["run", "containers.py"],
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
  package.products.append(.executable(name: "fuzz", targets: ["fuzz"]))
}
