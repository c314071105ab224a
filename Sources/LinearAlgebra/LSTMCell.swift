internal import CVectorKernels

/// One step of an LSTM cell for a block of sequences (Hochreiter and Schmidhuber 1997, with forget
/// gate; the equations and gate order of `torch.nn.LSTM`).
public enum LSTMCell {
  /// gates is (rows, 4 H): input, forget, cell, output; sums in, activations out.
  /// `cells` is a history: the state before is read at `before`, the new one written at `after`.
  public static func step(
    gates: inout MutableSpan<Float>, cells: inout MutableSpan<Float>, before: Int, after: Int,
    hidden: inout MutableSpan<Float>, rows: Int, units: Int
  ) {
    let count = rows * units
    precondition(gates.count == 4 * count && hidden.count == count)
    precondition(before + count <= cells.count && after + count <= cells.count)
    unsafe gates.withUnsafeMutableBufferPointer { gates in
      unsafe cells.withUnsafeMutableBufferPointer { cells in
        unsafe hidden.withUnsafeMutableBufferPointer { hidden in
          let cells = cells.baseAddress!
          unsafe vk_lstm_cell(
            gates.baseAddress, cells + before, cells + after, hidden.baseAddress, rows, units)
        }
      }
    }
  }

  /// The step backwards. gates: activations in, gradient of the sums out; dcell: the gradient of
  /// the state after in, of the state before out. All of `rows` sequences.
  public static func stepBackward(
    gates: inout MutableSpan<Float>, cellBefore: Span<Float>, cellAfter: Span<Float>,
    dhidden: Span<Float>, dcell: inout MutableSpan<Float>, rows: Int, units: Int
  ) {
    let count = rows * units
    precondition(gates.count == 4 * count && dhidden.count >= count && dcell.count >= count)
    precondition(cellBefore.count >= count && cellAfter.count >= count)
    unsafe gates.withUnsafeMutableBufferPointer { gates in
      unsafe cellBefore.withUnsafeBufferPointer { before in
        unsafe cellAfter.withUnsafeBufferPointer { after in
          unsafe dhidden.withUnsafeBufferPointer { dhidden in
            unsafe dcell.withUnsafeMutableBufferPointer { dcell in
              unsafe vk_lstm_cell_backward(
                gates.baseAddress, before.baseAddress, after.baseAddress, dhidden.baseAddress,
                dcell.baseAddress, rows, units)
            }
          }
        }
      }
    }
  }
}
