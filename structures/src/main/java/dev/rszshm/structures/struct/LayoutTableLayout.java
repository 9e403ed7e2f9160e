package dev.rszshm.structures.struct;

import java.util.regex.Pattern;

/**
 * How a heap remembers a layout: a root named {@code struct NAME}, and behind it one table for each
 * version.
 *
 * <pre>
 * The root
 * OFFSET  SIZE  DESCRIPTION
 *      0     8  slot: the table of the first version
 *      8     8  reserved, zero
 *
 * A table
 * OFFSET  SIZE  DESCRIPTION
 *      0     8  slot: the table of the next version
 *      8     8  hash: the first 8 bytes, the first one the highest, of SHA-256 of the texts of all
 *               tables up to this one
 *     16     4  length of the text in bytes
 *     20     4  reserved, zero
 *     24        text in UTF-8, lines that end with a line feed: what holds of the whole struct in
 *               this version, and a line for each field that the version adds
 *
 * The text
 *     version V [extensible ]length L alignment A
 *     NAME TYPE offset O
 * where TYPE is a name, as int64 or slot&lt;NAME&gt;, and [N] behind it for N elements
 * </pre>
 *
 * <p>A table is written before it is in a slot, and never changed.
 */
final class LayoutTableLayout {
  /** The first line of a text: version, length and alignment. */
  static final Pattern WHOLE =
      Pattern.compile(
          "version ([0-9]{1,9})(?: extensible)? length ([0-9]{1,18}) alignment ([0-9]{1,9})");

  /** The line of a field: name, type, struct that it refers to, number of elements, offset. */
  static final Pattern FIELD =
      Pattern.compile(
          "(\\S+) ([a-z0-9]+)(?:<([^>]*)>)?(?:\\[([0-9]{1,9})\\])? offset ([0-9]{1,18})");

  /** What a directory is told that the root is: "STRUCT" and a version. */
  static final long TYPE = 0x5354_5255_4354_0001L;

  static final int ROOT_VERSION = 1;
  static final int ROOT_LENGTH = 16;
  static final int FIRST = 0;

  static final int NEXT = 0;
  static final int HASH = 8;
  static final int TEXT_LENGTH = 16;
  static final int TEXT = 24;

  /** More than the longest text of a layout. */
  static final int MAX_TEXT_LENGTH = 1 << 20;

  /** More versions than a layout may have. */
  static final int MAX_VERSIONS = 4096;

  static final String ROOT_PREFIX = "struct ";

  private LayoutTableLayout() {}
}
