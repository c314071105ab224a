import EmotionModel
import Recognition
import SafeTensors

extension ModelFile {
  /// Reads a weights file; errors name it.
  init(at path: String) throws(ModelLoadError) {
    do {
      try self.init(contentsOf: path)
    } catch .tensors(.file(let error)) {
      throw .file(error)
    } catch {
      throw .model(path: path, error)
    }
  }
}
