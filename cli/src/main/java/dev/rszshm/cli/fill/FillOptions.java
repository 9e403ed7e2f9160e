package dev.rszshm.cli.fill;

import dev.rszshm.cli.Amounts;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code rszshm fill}, as they were given. {@link FillTask} checks them. */
public final class FillOptions {
  @Option(
      names = "--workers",
      paramLabel = "N",
      converter = Amount.class,
      description = "worker processes, 1 to 94 (default: 8)")
  long workers = 8;

  @Option(
      names = "--bytes",
      paramLabel = "N",
      converter = Amount.class,
      description = "bytes to fill (default: 4194276)")
  @Nullable Long bytes;

  @Option(
      names = "--claim",
      paramLabel = "N",
      converter = Amount.class,
      description = "bytes claimed at a time (default: 1; with --input 1M)")
  @Nullable Long claim;

  @Option(
      names = "--busy",
      description = "make a system call for each byte, as ccan's example does")
  boolean busy;

  @Option(
      names = "--initial",
      paramLabel = "N",
      converter = Amount.class,
      description = "bytes the heap begins with (default: 4096)")
  long initial = 4096;

  @Option(
      names = "--path",
      paramLabel = "FILE",
      description =
          "a file that does not exist; XXXXXX stands for an unused name"
              + " (default: /dev/shm/rszshm_XXXXXX/0)")
  @Nullable Path path;

  @Option(
      names = "--plain",
      description = "make a file as ccan does: 28 bytes of header, then the bytes")
  boolean plain;

  @Option(names = "--keep", description = "keep the heap")
  boolean keep;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "load a file instead, and compare SHA-256 of heap and file")
  @Nullable String input;

  @Option(names = "--repair", description = "write what workers that died have left")
  boolean repair;

  /** How many workers to start. */
  int workers() {
    return (int) workers;
  }

  /** Reads a number. */
  static final class Amount implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return Amounts.parse(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException(
            "'" + text + "' is not a whole number below 2^63; it may end in K, M, G or T");
      }
    }
  }
}
