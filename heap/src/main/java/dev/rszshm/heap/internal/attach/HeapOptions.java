package dev.rszshm.heap.internal.attach;

import dev.rszshm.heap.AddressScan;
import dev.rszshm.heap.Backing;
import dev.rszshm.heap.GrowthPolicy;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.map.Mapping;
import dev.rszshm.heap.internal.map.MemoryWishes;
import dev.rszshm.heap.internal.os.AddressSpace;
import dev.rszshm.heap.spi.SystemCalls;
import java.time.Duration;
import java.util.Optional;

/**
 * What a caller has asked of a heap that is made or attached.
 *
 * @param length bytes of content to begin with
 * @param span bytes of address space to reserve; 0 for the default of this machine
 * @param plain whether the file has rszshm's 24-byte header only
 * @param participants how many can be attached for writing at a time
 * @param mode permission bits of the file
 * @param scan where to look for an address; empty for a random place
 * @param growth how far this attachment grows the heap
 * @param backing when memory is taken; empty for what the heap says, or at once in a new one
 * @param growthTimeout how long a growth waits for another process that grows
 * @param mapping whether to attach for writing, for reading only, or copy-on-write
 * @param anyAddress whether another address will do if the heap's own is taken
 * @param foreignOwner whether the file may belong to another user
 * @param wishes what is wished of the memory
 * @param name what others see in the list of participants
 */
public record HeapOptions(
    long length,
    long span,
    boolean plain,
    int participants,
    int mode,
    Optional<AddressScan> scan,
    GrowthPolicy growth,
    Optional<Backing> backing,
    Duration growthTimeout,
    Mapping mapping,
    boolean anyAddress,
    boolean foreignOwner,
    MemoryWishes wishes,
    String name) {

  /** When a new heap takes its memory. */
  Backing backingWhenMade() {
    return backing.orElse(Backing.ALLOCATED);
  }

  /** When a heap takes its memory: as was decided when it was made; a plain file does not say. */
  Backing backingOf(Header header) {
    if (header.plain()) {
      return backingWhenMade();
    }
    return header.sparse() ? Backing.SPARSE : Backing.ALLOCATED;
  }

  /** Returns where to look for the address of a heap of that span. */
  AddressScan scanOrSpread(SystemCalls calls, long spanOfHeap) {
    return scan.orElseGet(() -> AddressSpace.spread(calls::random, spanOfHeap));
  }

  long spanOrDefault() {
    return span > 0 ? span : AddressSpace.defaultSpan();
  }
}
