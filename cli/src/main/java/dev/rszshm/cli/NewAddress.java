package dev.rszshm.cli;

import dev.rszshm.heap.AddressScan;
import java.util.Optional;
import picocli.CommandLine;

/**
 * Where a heap is to be.
 *
 * @param scan finds it; empty for the usual search
 */
record NewAddress(Optional<AddressScan> scan) {
  /** So that a scan of one try is one of whole pages. */
  private static final long HOP = 1L << 30;

  /** Reads it on the command line. */
  static final class Converter implements CommandLine.ITypeConverter<NewAddress> {
    @Override
    public NewAddress convert(String text) {
      if (text.equals("free")) {
        return new NewAddress(Optional.empty());
      }
      try {
        return new NewAddress(Optional.of(new AddressScan(Long.decode(text), HOP, 1)));
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(
            "'" + text + "' is not an address, such as 0x370000000000, and not free");
      }
    }
  }
}
