package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.os.SystemCalls;

/** Private memory of this process, zero at first, at an address that nobody else uses. */
final class HostBytes implements AutoCloseable {
  private static final long ADDRESS = 0x2a00_0000_0000L;

  private final long address;
  private final long length;

  HostBytes(int bytes) {
    int page = SystemCalls.host().pageSize();
    length = (bytes + page - 1) / page * (long) page;
    address = SystemCalls.host().reserve(ADDRESS, length);
    SystemCalls.host().blank(address, length);
  }

  long address() {
    return address;
  }

  @Override
  public void close() {
    SystemCalls.host().unmap(address, length);
  }
}
