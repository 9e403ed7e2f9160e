package dev.rszshm.heap.internal.attach;

import dev.rszshm.heap.AddressScan;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.heap.internal.file.HeapFile;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.format.HeaderLayout;
import dev.rszshm.heap.internal.map.AddressSearch;
import dev.rszshm.heap.spi.SystemCalls;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/*
 * Gives the file of a heap another address. The header is the only place that has one: all that the
 * libraries keep in a heap are offsets.
 *
 * Protocol
 * --------
 * 1 nobody is attached for writing; 2 find an address that is free here; 3 write all of the header that is
 * under its checksum, and the checksum, in one write.
 *
 * If a process dies here
 * ----------------------
 * 3 is one write within a page: it happens or does not. Who attaches between 1 and 3 has the heap at the old
 * address, as if it had attached at any address.
 */

/** Changes the address of a heap that nobody has attached. */
public final class Relocation {
  private Relocation() {}

  /**
   * Changes the address.
   *
   * @param participants the participants of the file as it is
   */
  public static long relocate(
      SystemCalls calls, HeapFile file, HeapOptions options, List<Participant> participants) {
    Header header = file.header(true);
    requireWithParticipants(file, header);
    requireUnused(file, participants);
    AddressScan scan = options.scanOrSpread(calls, header.span());
    long address = AddressSearch.search(calls, scan, header.span());
    calls.unmap(address, header.span());
    byte[] bytes = new byte[HeaderLayout.CHECKSUM + Integer.BYTES];
    file.readFully(bytes, 0);
    Header.relocate(bytes, address);
    byte[] fixed = Arrays.copyOfRange(bytes, HeaderLayout.SPAN, bytes.length);
    int written = calls.write(file.descriptor(), fixed, HeaderLayout.SPAN);
    if (written != fixed.length) {
      throw new DamagedHeapException(
          file.path()
              + " has a damaged header: "
              + written
              + " of "
              + fixed.length
              + " bytes were written. Restore the file or remove it");
    }
    return address;
  }

  private static void requireWithParticipants(HeapFile file, Header header) {
    if (header.plain()) {
      throw new IllegalStateException(
          file.path() + " is a plain file, of which nobody can tell whether it is in use");
    }
  }

  private static void requireUnused(HeapFile file, List<Participant> participants) {
    String living =
        participants.stream()
            .filter(Participant::alive)
            .map(participant -> Long.toString(participant.pid()))
            .collect(Collectors.joining(", "));
    if (!living.isEmpty()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "%s is attached by process %s: its address can be changed when nobody has it",
              file.path(),
              living));
    }
  }
}
