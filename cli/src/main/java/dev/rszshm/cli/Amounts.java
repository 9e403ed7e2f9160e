package dev.rszshm.cli;

import java.util.Locale;
import picocli.CommandLine;

/** Writes numbers of bytes for people, and reads them. */
public final class Amounts {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final String SUFFIXES = "KMGT";
  private static final int UNIT_BITS = 10;

  private Amounts() {}

  /** All digits, and a rounded form if that is shorter: {@code 4,194,276 bytes (4.0 MiB)}. */
  public static String bytes(long bytes) {
    String exact = String.format(Locale.ROOT, "%,d byte%s", bytes, bytes == 1 ? "" : "s");
    return bytes < 1 << UNIT_BITS ? exact : exact + " (" + shortBytes((double) bytes) + ")";
  }

  /** Rounded: {@code 4.0 MiB}. */
  public static String shortBytes(long bytes) {
    return shortBytes((double) bytes);
  }

  /** Rounded: {@code 4.0 MiB}. */
  public static String shortBytes(double bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= 1 << UNIT_BITS && unit < UNITS.length - 1) {
      value /= 1 << UNIT_BITS;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }

  /**
   * Reads a number, with K, M, G or T for powers of 1024, also written KiB, MiB, GiB or TiB.
   *
   * @throws NumberFormatException if it is none, or too large
   */
  public static long parse(String text) {
    String digits = text.endsWith("iB") ? text.substring(0, text.length() - 2) : text;
    int suffix = digits.isEmpty() ? -1 : SUFFIXES.indexOf(digits.charAt(digits.length() - 1));
    if (suffix < 0) {
      return Long.parseLong(text);
    }
    long number = Long.parseLong(digits.substring(0, digits.length() - 1));
    int bits = UNIT_BITS * (suffix + 1);
    if (number != number << bits >> bits) {
      throw new NumberFormatException("too large: " + text);
    }
    return number << bits;
  }

  /** Reads a number of bytes on the command line. */
  static final class Converter implements CommandLine.ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return parse(text);
      } catch (NumberFormatException e) {
        throw new CommandLine.TypeConversionException(
            "'" + text + "' is not a whole number of bytes below 2^63, such as 4096, 64K or 4GiB");
      }
    }
  }
}
