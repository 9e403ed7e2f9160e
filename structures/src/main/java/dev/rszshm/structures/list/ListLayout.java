package dev.rszshm.structures.list;

import dev.rszshm.structures.internal.segment.Segments;

/**
 * What is where in a list. Offsets of the first table count from the list's beginning.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    4 version
 *     16    8 seed of the stamps
 *     24    8 number of ranges of stamps that were given out
 *     32    8 format of the elements (FormatWord)
 *     64    8 size hint: so many elements there are at least
 *    128    8 lock of those who set elements (a Mutex)
 *    136    8 whether somebody is setting one: 1; else 0
 *    144    8 record: 1 if the next three words are a change that goes on; else 0
 *    152    8 record: offset of the slot that changes
 *    160    8 record: what it becomes
 *    168    8 record: what it was
 *    176    8 slot: the new element, and then the old one
 *    192  968 segments of slots, of an element each (Segments)
 * </pre>
 *
 * <p>An element:
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 stamp, which no other element of the list ever had
 *      8    4 length
 *     16      bytes
 * </pre>
 */
final class ListLayout {
  static final long MAGIC_VALUE = 0x5453_494c_535a_5352L; // "RSZSLIST"
  static final int CURRENT_VERSION = 1;
  static final int ALIGNMENT = 64;

  static final int RANGES = 24;
  static final int FORMAT = 32;
  static final int SIZE_HINT = 64;
  static final int LOCK = 128;
  static final int RECORD = 144;
  static final int RECORD_SLOT = 152;
  static final int RECORD_NEW = 160;
  static final int RECORD_OLD = 168;
  static final int SPARE = 176;
  static final int SEGMENTS = 192;
  static final int LENGTH = SEGMENTS + Segments.LENGTH;

  static final int ELEMENT_LENGTH = 8;
  static final int ELEMENT_BYTES = 16;

  private ListLayout() {}
}
