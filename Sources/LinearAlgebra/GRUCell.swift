internal import CVectorKernels

/// One step of a GRU cell for a block of sequences (Cho et al. 2014; the equations and gate order of
/// `torch.nn.GRU`, whose candidate resets the product with the hidden state, not the state).
public enum GRUCell {
  /// gates is (rows, 3 H): reset, update, candidate; sums of the inputs in, activations out. `sums`,
  /// of the same shape, are those of the hidden state `before`.
  public static func step(
    gates: inout MutableSpan<Float>, sums: Span<Float>, before: Span<Float>,
    hidden: inout MutableSpan<Float>, rows: Int, units: Int
  ) {
    let count = rows * units
    precondition(gates.count == 3 * count && sums.count == 3 * count)
    precondition(before.count == count && hidden.count == count)
    unsafe gates.withUnsafeMutableBufferPointer { gates in
      unsafe sums.withUnsafeBufferPointer { sums in
        unsafe before.withUnsafeBufferPointer { before in
          unsafe hidden.withUnsafeMutableBufferPointer { hidden in
            unsafe vk_gru_cell(
              gates.baseAddress, sums.baseAddress, before.baseAddress, hidden.baseAddress, rows,
              units)
          }
        }
      }
    }
  }

  /// The step backwards. gates: activations in, gradient of the inputs' sums out; sums: the hidden
  /// state's sums in, their gradient out; dbefore: what of the gradient goes past the gates.
  public static func stepBackward(
    gates: inout MutableSpan<Float>, sums: inout MutableSpan<Float>, before: Span<Float>,
    dhidden: Span<Float>, dbefore: inout MutableSpan<Float>, rows: Int, units: Int
  ) {
    let count = rows * units
    precondition(gates.count == 3 * count && sums.count == 3 * count)
    precondition(before.count == count && dhidden.count == count && dbefore.count == count)
    unsafe gates.withUnsafeMutableBufferPointer { gates in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe before.withUnsafeBufferPointer { before in
          unsafe dhidden.withUnsafeBufferPointer { dhidden in
            unsafe dbefore.withUnsafeMutableBufferPointer { dbefore in
              unsafe vk_gru_cell_backward(
                gates.baseAddress, sums.baseAddress, before.baseAddress, dhidden.baseAddress,
                dbefore.baseAddress, rows, units)
            }
          }
        }
      }
    }
  }
}
