package dev.rszshm.structures.queue;

/**
 * What is where in a deque. Offsets count from its beginning, a multiple of 64. Slots are words
 * that the allocator's methods know.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    8 options: most elements, 0 for any number (bits 1-63), 1 (0)
 *     16    4 version
 *     24    8 format of the elements (FormatWord)
 *     64    8 lock (a Mutex)
 *     72    8 whether somebody is changing it: 1; else 0
 *     80    8 slot: the first node
 *     88    8 slot: trash, a node that is taken out
 *     96    8 offset of the slot that the node in trash was in
 *    104    8 slot: a node that is being made, to be the first
 *    112    8 offset of the last node; 0: none
 *    120    8 number of elements
 *    128    8 number of the last put, whatever became of it
 *    136    8 number of nodes that were ever taken out
 *    192    4 event count of those who wait for an element
 *    256    4 event count of those who wait for room
 * </pre>
 *
 * <p>A node, which is a block:
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 slot: the next node
 *      8    8 offset of the node before; 0: none
 *     16    8 position: greater than that of the node before
 *     24    4 length of the element
 *     32      the element
 * </pre>
 */
final class DequeLayout {
  static final long MAGIC_VALUE = 0x5144_4d48_535a_5352L; // "RSZSHMDQ"
  static final int CURRENT_VERSION = 1;
  static final int ALIGNMENT = 64;

  static final int MAGIC = 0;
  static final int OPTIONS = 8;
  static final int VERSION = 16;
  static final int FORMAT = 24;
  static final int LOCK = 64;
  static final int BUSY = 72;
  static final int FIRST = 80;
  static final int TRASH = 88;
  static final int UNLINKED_FROM = 96;
  static final int MAKING = 104;
  static final int LAST = 112;
  static final int COUNT = 120;
  static final int PUTS = 128;
  static final int REMOVALS = 136;
  static final int NOT_EMPTY = 192;
  static final int NOT_FULL = 256;
  static final int LENGTH = 320;

  static final int NODE_NEXT = 0;
  static final int NODE_BEFORE = 8;
  static final int NODE_POSITION = 16;
  static final int NODE_LENGTH = 24;
  static final int NODE_CONTENT = 32;

  private DequeLayout() {}
}
