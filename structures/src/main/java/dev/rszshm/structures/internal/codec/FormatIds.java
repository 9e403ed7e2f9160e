package dev.rszshm.structures.internal.codec;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Numbers of formats that are made of others, or of the name of a class. */
public final class FormatIds {
  /** The lowest number that does not belong to this library. */
  public static final int FIRST_FREE = 1024;

  /** Numbers that are made have this bit, which those that are given have not. */
  private static final int COMBINED = 1 << 31;

  private FormatIds() {}

  /** Returns the number of a format that a text describes. */
  public static int of(String description) {
    CRC32C sum = new CRC32C();
    sum.update(description.getBytes(StandardCharsets.UTF_8));
    return (int) sum.getValue() | COMBINED;
  }
}
