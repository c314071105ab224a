import CPresets

extension Preset {
  /// The presets that come with the program: the files of `models/presets`, in the order of their list.
  public static let builtIn: [Preset] = (0..<preset_count()).map { place in
    let bytes = unsafe UnsafeBufferPointer(start: preset_bytes(place), count: preset_size(place))
    do throws(PresetError) {
      return try Preset(json: unsafe [UInt8](bytes))
    } catch {
      preconditionFailure("a preset that comes with the program cannot be read: \(error)")
    }
  }
}
