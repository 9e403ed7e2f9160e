package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.spi.SystemCalls;

/** A small file that this process has mapped, zero at first, where nobody else maps anything. */
final class HostBytes implements AutoCloseable {
  private static final long ADDRESS = 0x2a00_0000_0000L;

  private final SystemCalls calls = SystemCalls.host();
  private final int descriptor;
  private final int bytes;
  private final long address;
  private final long mapped;

  HostBytes(int bytes) {
    this.bytes = bytes;
    int page = calls.pageSize();
    mapped = (bytes + page - 1) / page * (long) page;
    address = calls.reserve(ADDRESS, mapped);
    descriptor = calls.createInMemory("agreement");
    calls.truncate(descriptor, bytes);
    calls.overlay(descriptor, address, 0, mapped, true);
  }

  long address() {
    return address;
  }

  /** What the file holds. */
  byte[] content() {
    byte[] content = new byte[bytes];
    calls.read(descriptor, content, 0);
    return content;
  }

  @Override
  public void close() {
    calls.unmap(address, mapped);
    calls.close(descriptor);
  }
}
