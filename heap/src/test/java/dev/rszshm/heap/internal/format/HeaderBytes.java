package dev.rszshm.heap.internal.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The first bytes of a heap file, to be damaged by a test. */
public final class HeaderBytes {
  private final byte[] bytes;
  private final ByteBuffer buffer;

  public HeaderBytes(byte[] bytes) {
    this.bytes = bytes.clone();
    this.buffer = ByteBuffer.wrap(this.bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  public static HeaderBytes of(Path path) throws IOException {
    return new HeaderBytes(Files.readAllBytes(path));
  }

  public HeaderBytes putLong(int offset, long value) {
    buffer.putLong(offset, value);
    return this;
  }

  public HeaderBytes putInt(int offset, int value) {
    buffer.putInt(offset, value);
    return this;
  }

  long getLong(int offset) {
    return buffer.getLong(offset);
  }

  /** Makes the checksum right for what the bytes are now. */
  public HeaderBytes checked() {
    buffer.putInt(
        HeaderLayout.CHECKSUM,
        Header.checksum(ByteBuffer.wrap(bytes, 0, HeaderLayout.HEADER_LENGTH)));
    return this;
  }

  byte[] bytes() {
    return bytes;
  }

  public void write(Path path) throws IOException {
    Files.write(path, bytes);
  }
}
