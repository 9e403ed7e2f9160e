package dev.rszshm.structures.internal.ring;

/**
 * What is where in a channel. Offsets count from its beginning, a multiple of 128.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    8 specification: kind (bits 61-63; 1 empty, 2 fixed, 3 variable, 4 stream), whether
 *             receipts are acknowledged (bit 60), width in bytes (bits 32-59), depth in messages or, of a stream, granules of room (bits 0-31)
 *     16    4 version
 *     20    4 bits of an index
 *     24    8 granules
 *     32    8 bytes from one granule's payload to the next
 *     40    8 bytes from one granule's header to the next
 *     48    8 offset of the first header
 *     56    8 offset of the first payload
 *     64    8 bytes of it all
 *    128    8 tail: a position at or before the end of what is claimed
 *    136    4 event count: there may be a message
 *    144    8 with a single sender: the position at which it may be sending; 0: nowhere
 *    256    8 head: position of the next message to receive
 *    264    4 event count: there may be room
 *    268    4 whether a pin was ever used; with acknowledged receipts how many of them
 *    384    8 lock of those who send a message in parts
 *    392    8 who receives one: tag (bits 34-63), its running number (0-33)
 *    400    8 identity of the message that is sent in parts; 0: none
 *    408    8 number of messages that were sent in parts
 *    416    8 number of arrivals of senders
 *    424    8 number of arrivals of receivers
 *    432    4 with a single sender: 0 open, 1 shut down, 2 and no sender can have missed it
 *    440    4 with a single sender: the tag of its participant; 0: nobody
 *    448    4 with a single receiver: the tag of its participant; 0: nobody
 *    512 1024 pins: word (8; PinLayout), position (8)
 *   1536      counts of senders, of receivers, and of receivers that wait, by participant
 *             headers, payloads
 * </pre>
 *
 * <p>In slots a granule is a message of full width, right behind its header. In a stream a granule
 * has 64 bytes, a message takes as many in a row as it needs, and the headers are in an array of
 * their own: so nothing that a message contains can be taken for a header.
 */
public final class RingLayout {
  static final int MAGIC = 0;
  public static final int SPECIFICATION = 8;
  static final int VERSION = 16;
  static final int INDEX_BITS = 20;
  static final int GRANULES = 24;
  static final int PAYLOAD_STRIDE = 32;
  static final int HEADER_STRIDE = 40;
  static final int FIRST_HEADER = 48;
  static final int FIRST_PAYLOAD = 56;
  public static final int BYTES = 64;
  public static final int TAIL = 128;
  public static final int NOT_EMPTY = 136;
  static final int SENDING = 144;
  public static final int HEAD = 256;
  static final int NOT_FULL = 264;
  static final int PINNED = 268;
  static final int SEND_PARTS_LOCK = 384;
  static final int PARTS_RECEIVER = 392;
  static final int PARTS_IDENTITY = 400;
  static final int PARTS_SEQUENCE = 408;
  public static final int SENDER_ARRIVALS = 416;
  public static final int RECEIVER_ARRIVALS = 424;
  static final int ENDING = 432;
  static final int SENDER_ROLE = 440;
  static final int RECEIVER_ROLE = 448;
  public static final int PINS = 512;
  public static final int COUNTS = 1536;

  public static final int PIN_COUNT = 64;
  public static final int PIN_LENGTH = 16;
  public static final int ALIGNMENT = 128;
  public static final int STREAM_GRANULE = 64;

  /** "RSZCHANL" read as a little-endian number. */
  public static final long MAGIC_VALUE = 0x4c4e_4148_435a_5352L;

  public static final int CURRENT_VERSION = 1;

  private RingLayout() {}
}
