package dev.rszshm.heap.internal.os;

import dev.rszshm.heap.spi.IncomingMessage;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/*
 * The memory of one sendmsg or recvmsg.
 *
 * Layout
 * ------
 * All as the C library has it on 64-bit Linux, x86-64 and arm64 alike.
 *
 *   struct msghdr                        struct iovec             struct cmsghdr
 *   | OFFSET | SIZE | DESCRIPTION |      | 0 | 8 | bytes    |     | 0  | 8 | length, with these 16 |
 *   |  0 | 8 | address, none      |      | 8 | 8 | how many |     | 8  | 4 | level: 1, SOL_SOCKET  |
 *   |  8 | 4 | its length, 0      |                               | 12 | 4 | type: 1, SCM_RIGHTS   |
 *   | 16 | 8 | iovec              |                               | 16 |   | descriptors, 4 each   |
 *   | 24 | 8 | how many, 1        |      The next one begins at the next multiple of 8.
 *   | 32 | 8 | control: cmsghdrs  |
 *   | 40 | 8 | its length         |
 *   | 48 | 4 | flags that came    |
 */
final class SocketMessage {
  private static final int HEADER_LENGTH = 56;
  private static final int BYTES = 16;
  private static final int BYTES_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int FLAGS = 48;

  private static final int VECTOR_LENGTH = 16;
  private static final int VECTOR_SIZE = 8;

  private static final int LEVEL = 8;
  private static final int TYPE = 12;
  private static final int DATA = 16;
  private static final int SOCKET_LEVEL = 1;
  private static final int RIGHTS = 1;

  private static final int CONTROL_TRUNCATED = 8;

  private final Pointer header;
  private final Pointer vector;
  private final Pointer bytes;
  private final Pointer control;

  /** Makes room for so many bytes and descriptors. */
  SocketMessage(Runtime runtime, int length, int descriptors) {
    header = Memory.allocateDirect(runtime, HEADER_LENGTH, true);
    vector = Memory.allocateDirect(runtime, VECTOR_LENGTH, true);
    bytes = Memory.allocateDirect(runtime, Math.max(length, 1), true);
    int controlLength = descriptors == 0 ? 0 : aligned(DATA + (long) Integer.BYTES * descriptors);
    control = Memory.allocateDirect(runtime, Math.max(controlLength, 1), true);
    vector.putLong(0, bytes.address());
    vector.putLong(VECTOR_SIZE, length);
    header.putLong(BYTES, vector.address());
    header.putLong(BYTES_COUNT, 1);
    header.putLong(CONTROL, controlLength == 0 ? 0 : control.address());
    header.putLong(CONTROL_LENGTH, controlLength);
  }

  private static int aligned(long length) {
    return (int) (length + 7 & -8);
  }

  /** What the call gets. This object must be in use until it has returned. */
  Pointer header() {
    return header;
  }

  void putBytes(byte[] from, int index, int length) {
    bytes.put(0, from, index, length);
  }

  void putDescriptors(int[] descriptors) {
    control.putLong(0, DATA + (long) Integer.BYTES * descriptors.length);
    control.putInt(LEVEL, SOCKET_LEVEL);
    control.putInt(TYPE, RIGHTS);
    control.put(DATA, descriptors, 0, descriptors.length);
  }

  /** Moves what a call has brought; descriptors first, so that nothing that fails loses one. */
  void moveInto(IncomingMessage message, int length) {
    long end = Math.min(header.getLong(CONTROL_LENGTH), control.size());
    for (long at = 0; at + DATA <= end; ) {
      long part = control.getLong(at);
      if (part < DATA || part > end - at) {
        break;
      }
      if (control.getInt(at + LEVEL) == SOCKET_LEVEL && control.getInt(at + TYPE) == RIGHTS) {
        for (long i = DATA; i + Integer.BYTES <= part; i += Integer.BYTES) {
          message.addDescriptor(control.getInt(at + i));
        }
      }
      at += aligned(part);
    }
    if ((header.getInt(FLAGS) & CONTROL_TRUNCATED) != 0) {
      message.truncate();
    }
    for (int i = 0; i < length; i++) {
      message.add(bytes.getByte(i));
    }
  }
}
