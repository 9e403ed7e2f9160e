package dev.rszshm.structures.internal.pool;

/**
 * How a worker has died, written by the process that has started it.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 tag of the worker; 0 while the note is written, or if there is none
 *      8    4 length of the text in bytes
 *     12  500 the text, UTF-8
 * </pre>
 */
final class NoteLayout {
  static final int COUNT = 16;
  static final int LENGTH = 512;

  static final int TAG = 0;
  static final int TEXT_LENGTH = 8;
  static final int TEXT = 12;
  static final int MAX_TEXT = LENGTH - TEXT;

  private NoteLayout() {}
}
