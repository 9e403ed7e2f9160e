package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.errors.UnsupportedPlatformException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heaps without a name, whatever the system lets them be made of. */
class AnonymousMemoryTest {
  private static final int CLOSE_ON_EXEC = 02000000;

  private static HeapBuilder small() {
    return Heap.builder().span(1 << 20).participants(4);
  }

  private static Heap on(FaultySystemCalls calls) {
    return small().platform(calls.platform()).createAnonymous();
  }

  private static FaultySystemCalls withoutMemfd(int errno) {
    return new FaultySystemCalls().fail("createInMemory", FaultySystemCalls.EVERY, errno);
  }

  private static String target(HeapDescriptor descriptor) throws IOException {
    return Files.readSymbolicLink(descriptor.path()).toString();
  }

  @ParameterizedTest
  @EnumSource
  void everyKindGrowsIsNotInheritedAndVanishesWithItsLastUser(AnonymousMemory kind)
      throws IOException {
    assumeTrue(kind.isSupported(), () -> "skipped: this system has no " + kind);
    HeapDescriptor last;
    try (Heap heap = small().anonymousMemory(kind).createAnonymous()) {
      int flags = ProcSelf.flagsOf(heap.descriptor().number());
      assertEquals(CLOSE_ON_EXEC, flags & CLOSE_ON_EXEC);
      long grown = heap.grow();
      heap.putByte(grown - 1, (byte) 6);
      try (Heap other = Heap.builder().anyAddress().attach(heap.path())) {
        assertEquals(6, other.getByte(grown - 1));
        other.growTo(grown + 1);
        heap.putByte(grown, (byte) 7);
      }
      last = heap.descriptor().duplicate();
    }
    try (last) {
      assertEquals(0, links(last), "no name leads to it");
      try (Heap again = Heap.attach(last)) {
        assertEquals(7, again.getByte(again.length() - 4096));
      }
    }
    assertThrows(IllegalStateException.class, last::number);
  }

  private static int links(HeapDescriptor descriptor) throws IOException {
    return (int) Files.getAttribute(descriptor.path(), "unix:nlink");
  }

  @Test
  void memfdIsSealedAndAnUnlinkedFileSaysThatItIsNot() {
    try (Heap sealed = small().anonymousMemory(AnonymousMemory.MEMFD).createAnonymous();
        Heap file = small().anonymousMemory(AnonymousMemory.UNLINKED_FILE).createAnonymous()) {
      assertTrue(sealed.descriptor().isSealed());
      assertFalse(file.descriptor().isSealed());
      SystemCalls calls = SystemCalls.host();
      int number = sealed.descriptor().number();
      assertEquals(
          Errno.EPERM,
          assertThrows(SystemCallException.class, () -> calls.truncate(number, 4096)).errno());
    }
  }

  @Test
  void theSystemShowsTheNameThatWasAskedFor() throws IOException {
    try (Heap named = small().memoryName("prices of today").createAnonymous();
        Heap unnamed = small().createAnonymous()) {
      assertEquals("/memfd:prices of today (deleted)", target(named.descriptor()));
      assertEquals("/memfd:rszshm (deleted)", target(unnamed.descriptor()));
      List<String> mapped = ProcSelf.mappingsIn(named.base(), 1);
      assertTrue(mapped.get(0).contains("/memfd:prices of today"), mapped::toString);
    }
  }

  @Test
  void namesThatTheSystemCannotShowAreRefused() {
    String longest = "ä".repeat(124) + "x";
    small().memoryName(longest).createAnonymous().close();
    for (String bad : List.of(longest + "x", "a\0b")) {
      assertThrows(IllegalArgumentException.class, () -> small().memoryName(bad));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOSYS, Errno.EPERM, Errno.EACCES, Errno.EINVAL})
  void anUnlinkedFileStandsInWhereMemfdIsRefused(int errno) throws IOException {
    FaultySystemCalls calls = withoutMemfd(errno);
    try (Heap heap = on(calls)) {
      assertTrue(target(heap.descriptor()).startsWith("/dev/shm/"), () -> heap.path().toString());
      assertEquals(0, links(heap.descriptor()));
      heap.putLong(heap.grow() - 8, 5);
    }
    assertEquals(List.of(), calls.calls("forbidShrinking"));
  }

  @Test
  void aHiddenNameIsRemovedAtOnceWhereFilesMustHaveOne() throws IOException {
    FaultySystemCalls calls =
        withoutMemfd(Errno.ENOSYS).fail("createUnnamed", FaultySystemCalls.EVERY, Errno.EOPNOTSUPP);
    try (Heap heap = on(calls)) {
      assertEquals(0, links(heap.descriptor()));
      assertFalse(Files.exists(hiddenName(calls)));
    }
  }

  @Test
  void aHiddenNameThatStaysIsAFailureThatLeavesNoDescriptor() throws IOException {
    FaultySystemCalls calls =
        withoutMemfd(Errno.ENOSYS)
            .fail("createUnnamed", FaultySystemCalls.EVERY, Errno.EOPNOTSUPP)
            .fail("unlink", 1, Errno.EBUSY);
    assertEquals(Errno.EBUSY, assertThrows(SystemCallException.class, () -> on(calls)).errno());
    Path left = hiddenName(calls);
    assertTrue(Files.deleteIfExists(left));
    assertEquals(List.of(), ProcSelf.descriptorsOf(left.toString()));
  }

  private static Path hiddenName(FaultySystemCalls calls) {
    return Path.of(calls.calls("createExclusive").get(0).arguments().get(0).toString());
  }

  @Test
  void theDirectoryOfTemporaryFilesStandsInForDevShm() throws IOException {
    FaultySystemCalls calls = withoutMemfd(Errno.ENOSYS).fail("createUnnamed", 1, Errno.ENOENT);
    try (Heap heap = on(calls)) {
      heap.putLong(heap.dataOffset(), 5);
    }
    List<Object> directories =
        calls.calls("createUnnamed").stream().map(call -> call.arguments().get(0)).toList();
    assertEquals(List.of("/dev/shm", System.getProperty("java.io.tmpdir")), directories);
  }

  @Test
  void withoutAnyMemoryTheExceptionSaysWhatWasTried() {
    FaultySystemCalls calls =
        withoutMemfd(Errno.ENOSYS).fail("createUnnamed", FaultySystemCalls.EVERY, Errno.EACCES);
    UnsupportedPlatformException thrown =
        assertThrows(UnsupportedPlatformException.class, () -> on(calls));
    assertTrue(thrown.getMessage().contains("memfd_create"), thrown::getMessage);
    assertEquals(
        List.of(Errno.ENOSYS, Errno.EACCES),
        Stream.of(thrown.getSuppressed()).map(e -> ((SystemCallException) e).errno()).toList());
    assertThrows(
        UnsupportedPlatformException.class,
        () ->
            small()
                .anonymousMemory(AnonymousMemory.MEMFD)
                .platform(withoutMemfd(Errno.EPERM).platform())
                .createAnonymous());
  }

  @Test
  void aFullTableOfOpenFilesIsNoMissingSupport() {
    FaultySystemCalls calls = withoutMemfd(Errno.EMFILE);
    assertEquals(Errno.EMFILE, assertThrows(SystemCallException.class, () -> on(calls)).errno());
  }

  @Test
  void whatIsSupportedCanBeMade() {
    Set<AnonymousMemory> supported = AnonymousMemory.supported();
    assertFalse(supported.isEmpty());
    for (AnonymousMemory kind : AnonymousMemory.values()) {
      assertEquals(supported.contains(kind), kind.isSupported());
    }
    assertThrows(UnsupportedOperationException.class, supported::clear);
  }
}
