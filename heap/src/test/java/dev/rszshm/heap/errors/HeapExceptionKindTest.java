package dev.rszshm.heap.errors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Programs decide by the kind, so it never changes. */
class HeapExceptionKindTest {
  private static final List<Function<String, HeapException>> KINDS =
      List.of(
          AddressTakenException::new,
          AlreadyAttachedException::new,
          UnsealedHeapException::new,
          StalledPeerException::new,
          PeerGoneException::new,
          OtherHeapException::new,
          NotAHeapMessageException::new,
          NoDescriptorException::new,
          ForeignPeerException::new,
          DescriptorsLostException::new,
          DamagedHeapException::new,
          GrowthBlockedException::new,
          HeapAccessDeniedException::new,
          FileLockedException::new,
          FileNameException::new,
          HeapException::new,
          HeapExistsException::new,
          HeapInUseException::new,
          HeapNotReadyException::new,
          HeapWornOutException::new,
          NoAddressException::new,
          NoSuchHeapException::new,
          NotAHeapException::new,
          OutOfSpaceException::new,
          OverlappingPlacesException::new,
          ParticipantTableFullException::new,
          ReadOnlyHeapException::new,
          SpanExceededException::new,
          SparseHeapException::new,
          message -> new SystemCallException(message, 1, "EPERM"),
          TruncatedHeapException::new,
          UnsupportedFormatException::new,
          UnsupportedPlatformException::new,
          UnsharedFileException::new);

  @Test
  void kindsAreTheSameInEveryVersion() {
    Map<String, String> kinds = new TreeMap<>();
    for (Function<String, HeapException> kind : KINDS) {
      HeapException exception = kind.apply("a message");
      kinds.put(exception.getClass().getSimpleName(), exception.kind());
      assertEquals(
          exception instanceof SystemCallException ? "a message failed: EPERM" : "a message",
          exception.getMessage());
    }
    assertEquals(
        Map.ofEntries(
            Map.entry("AddressTakenException", "address-taken"),
            Map.entry("AlreadyAttachedException", "already-attached"),
            Map.entry("DamagedHeapException", "damaged-heap"),
            Map.entry("DescriptorsLostException", "descriptors-lost"),
            Map.entry("ForeignPeerException", "foreign-peer"),
            Map.entry("NoDescriptorException", "no-descriptor"),
            Map.entry("NotAHeapMessageException", "not-a-heap-message"),
            Map.entry("OtherHeapException", "other-heap"),
            Map.entry("PeerGoneException", "peer-gone"),
            Map.entry("StalledPeerException", "stalled-peer"),
            Map.entry("UnsealedHeapException", "unsealed-heap"),
            Map.entry("FileLockedException", "file-locked"),
            Map.entry("FileNameException", "file-name"),
            Map.entry("UnsharedFileException", "unshared-file"),
            Map.entry("GrowthBlockedException", "growth-blocked"),
            Map.entry("HeapAccessDeniedException", "heap-access-denied"),
            Map.entry("HeapException", "heap"),
            Map.entry("HeapInUseException", "heap-in-use"),
            Map.entry("HeapExistsException", "heap-exists"),
            Map.entry("HeapNotReadyException", "heap-not-ready"),
            Map.entry("HeapWornOutException", "heap-worn-out"),
            Map.entry("NoAddressException", "no-address"),
            Map.entry("NoSuchHeapException", "no-such-heap"),
            Map.entry("NotAHeapException", "not-a-heap"),
            Map.entry("OverlappingPlacesException", "overlapping-places"),
            Map.entry("OutOfSpaceException", "out-of-space"),
            Map.entry("ParticipantTableFullException", "participant-table-full"),
            Map.entry("ReadOnlyHeapException", "read-only-heap"),
            Map.entry("SpanExceededException", "span-exceeded"),
            Map.entry("SparseHeapException", "sparse-heap"),
            Map.entry("SystemCallException", "system-call"),
            Map.entry("TruncatedHeapException", "truncated-heap"),
            Map.entry("UnsupportedFormatException", "unsupported-format"),
            Map.entry("UnsupportedPlatformException", "unsupported-platform")),
        kinds);
  }
}
