package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a simulated process has mapped, and where. */
final class AddressSpace {
  /** Where the kernel puts a reservation whose address is taken. */
  private static final long ELSEWHERE = 0x7000_0000_0000L;

  /**
   * A range of addresses. A file is shared memory; no file is a reservation or private zeros.
   *
   * @param open by which the file was mapped, if by any
   */
  record Mapping(
      long from,
      long to,
      @Nullable SimulatedFile file,
      @Nullable OpenFile open,
      long fileOffset,
      boolean writable) {
    boolean contains(long address, int length) {
      return address >= from && address + length <= to;
    }

    long offset(long address) {
      return fileOffset + (address - from);
    }

    private Mapping part(long newFrom, long newTo) {
      return new Mapping(newFrom, newTo, file, open, fileOffset + (newFrom - from), writable);
    }
  }

  private final List<Mapping> mappings = new ArrayList<>();
  private long elsewhere = ELSEWHERE;

  /** Where the last access was; null if that may be mapped no more. */
  private @Nullable Mapping last;

  /** The mapping an access falls into, which allows it. */
  Mapping locate(long address, int length, boolean toWrite) {
    Mapping found = last;
    if (found == null || !found.contains(address, length)) {
      found = find(address, length);
      last = found;
    }
    if (toWrite && !found.writable) {
      throw fault("writes to", address, length, found.file == null ? "reserved" : "read-only");
    }
    if (found.file == null && !found.writable) {
      throw fault("touches", address, length, "reserved");
    }
    if (found.file != null && found.offset(address) + length > found.file.length()) {
      throw fault("touches", address, length, "behind the end of its file: SIGBUS");
    }
    return found;
  }

  private Mapping find(long address, int length) {
    for (Mapping mapping : mappings) {
      if (mapping.contains(address, length)) {
        return mapping;
      }
    }
    throw fault("touches", address, length, "not mapped");
  }

  private static AccessFault fault(String does, long address, int length, String what) {
    return new AccessFault(
        String.format(
            Locale.ROOT,
            "the process %s %d bytes at 0x%x, which are %s: a real process would have been killed",
            does,
            length,
            address,
            what));
  }

  /** Reserves a range there, or elsewhere if that is taken, as kernels of old do. */
  void reserve(long address, long length) {
    if (mappings.stream().anyMatch(m -> m.from < address + length && m.to > address)) {
      throw new SystemCallException(
          String.format(Locale.ROOT, "mmap(0x%x, length %d)", address, length),
          Errno.EEXIST,
          Errno.describe(Errno.EEXIST));
    }
    mappings.add(new Mapping(address, address + length, null, null, 0, false));
  }

  /** Finds addresses nobody uses, and maps a file there. */
  long mapAnywhere(SimulatedFile file, long length) {
    long address = elsewhere;
    elsewhere += (length + SimulatedFile.PAGE_LENGTH) & -SimulatedFile.PAGE_LENGTH;
    replace(new Mapping(address, address + length, file, null, 0, true));
    return address;
  }

  /** Maps a file over whatever is there. */
  void map(long address, long length, OpenFile open, long fileOffset, boolean writable) {
    replace(new Mapping(address, address + length, open.file, open, fileOffset, writable));
  }

  /** Maps private zeros over whatever is there. */
  void mapZeros(long address, long length) {
    replace(new Mapping(address, address + length, null, null, 0, true));
  }

  private void replace(Mapping mapping) {
    unmap(mapping.from, mapping.to - mapping.from);
    mappings.add(mapping);
  }

  boolean maps(OpenFile open) {
    return mappings.stream().anyMatch(m -> m.open == open);
  }

  void unmap(long address, long length) {
    unmap(address, length, mapping -> true);
  }

  /** Unmaps files and reservations, and leaves private zeros where they are. */
  void unmapFiles(long address, long length) {
    unmap(address, length, mapping -> mapping.file != null || !mapping.writable);
  }

  private void unmap(long address, long length, Predicate<Mapping> goes) {
    last = null;
    long end = address + length;
    for (Mapping mapping : List.copyOf(mappings)) {
      if (mapping.from < end && mapping.to > address && goes.test(mapping)) {
        mappings.remove(mapping);
        if (mapping.from < address) {
          mappings.add(mapping.part(mapping.from, address));
        }
        if (mapping.to > end) {
          mappings.add(mapping.part(end, mapping.to));
        }
      }
    }
  }
}
