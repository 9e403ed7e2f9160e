package dev.rszshm.structures.codec;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.CodecKind.Handle;
import dev.rszshm.structures.errors.CodecMismatchException;
import dev.rszshm.tests.InMemory;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No structure reads what its codec does not know: each is opened with its own codec, another one,
 * a newer, an older one and none. The codecs of this test fail it when they are given what is not
 * theirs.
 */
class CodecContractTest {
  private static final Marked FIRST = new Marked(0x7007, 1);
  private static final Marked SECOND = new Marked(0x7007, 2);
  private static final Marked OTHER = new Marked(0x7008, 1);

  @TempDir(factory = InMemory.class)
  Path directory;

  private Path path;
  private Heap heap;
  private Allocator allocator;

  @BeforeEach
  void make() {
    path = directory.resolve("heap");
    heap = Heap.builder().span(64 << 20).create(path);
    allocator = Allocator.on(heap);
  }

  @AfterEach
  void close() {
    allocator.close();
    heap.close();
  }

  private static String refused(Executable use) {
    return assertThrows(CodecMismatchException.class, use).getMessage();
  }

  private static void assertSays(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "\"" + part + "\" is missing in: " + message);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherCodecIsRefusedAndTold(CodecKind kind) {
    Handle<String> handle = kind.open(allocator, FIRST);
    handle.write("a");
    for (Executable use :
        List.<Executable>of(
            () -> kind.open(allocator, OTHER),
            () -> kind.find(allocator, OTHER),
            () -> kind.open(allocator, Codecs.strings()),
            () -> kind.open(allocator, Codecs.byteArrays()))) {
      String message = refused(use);
      assertSays(
          message,
          kind.part() + " \"" + CodecKind.NAME + "\" at offset ",
          heap.path().toString(),
          "in the format of codec 0x7007, version 1, expected ",
          "use the codec that it was made with");
    }
    assertSays(refused(() -> kind.open(allocator, OTHER)), OTHER + ", 0x7008, version 1");
    assertEquals(List.of("a"), handle.read());
    assertEquals(new CodecFormat(0x7007, 1), handle.format());
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyStructureHasTheFormatOfItsMaker(CodecKind kind) {
    assertEquals(new CodecFormat(0x7007, 1), kind.open(allocator, FIRST).format());
    refused(() -> kind.open(allocator, OTHER));
  }

  @ParameterizedTest
  @EnumSource
  void aNewerVersionIsRefused(CodecKind kind) {
    kind.open(allocator, SECOND).write("a");
    String message = refused(() -> kind.open(allocator, FIRST));
    assertSays(message, "codec 0x7007, version 2, expected ", "0x7007, version 1");
    assertSays(message, kind.isOfKeys() ? "keys are found by their bytes" : "a newer program");
    refused(() -> kind.find(allocator, FIRST));
  }

  @ParameterizedTest
  @EnumSource
  void keysOfAnOlderVersionAreRefusedToo(CodecKind kind) {
    assumeTrue(kind.isOfKeys());
    kind.open(allocator, FIRST).write("a");
    assertSays(refused(() -> kind.open(allocator, SECOND)), "keys are found by their bytes");
    assertEquals(List.of("a"), kind.open(allocator, FIRST).read());
  }

  @ParameterizedTest
  @EnumSource
  void anOlderVersionIsReadAndRisesWithTheFirstChange(CodecKind kind) {
    assumeFalse(kind.isOfKeys());
    kind.open(allocator, FIRST).write("a");
    Handle<String> newer = kind.open(allocator, SECOND);
    assertEquals(List.of("a"), newer.read());
    assertEquals(1, newer.format().version(), "reading leaves it");
    assertDoesNotThrow(() -> kind.open(allocator, FIRST).read());
    newer.write("b");
    assertEquals(2, newer.format().version());
    assertEquals(List.of("a", "b"), newer.read());
    refused(() -> kind.open(allocator, FIRST));
    assertEquals(List.of("a", "b"), kind.find(allocator, SECOND).orElseThrow().read());
  }

  @ParameterizedTest
  @EnumSource
  void whoHasItOpenIsRefusedOnceANewerVersionWrites(CodecKind kind) {
    assumeFalse(kind.isOfKeys());
    Handle<String> old = kind.open(allocator, FIRST);
    old.write("a");
    Handle<String> newer = kind.open(allocator, SECOND);
    newer.write("b");
    assertSays(refused(old::read), "version 2, expected ", kind.part());
    refused(() -> old.write("c"));
    refused(() -> old.take("c"));
    assertEquals(List.of("a", "b"), newer.read(), "nothing was changed or taken");
    assertEquals("a", newer.take("c"));
    assertEquals(List.of(), newer.check());
  }

  @ParameterizedTest
  @EnumSource
  void takingIsAChangeOfANewerVersion(CodecKind kind) {
    assumeFalse(kind.isOfKeys() || kind == CodecKind.LOG);
    kind.open(allocator, FIRST).write("a");
    Handle<String> newer = kind.open(allocator, SECOND);
    assertEquals("a", newer.take("b"));
    assertEquals(2, newer.format().version());
  }

  @ParameterizedTest
  @EnumSource
  void bytesAreFoundWithoutACodec(CodecKind kind) {
    assertEquals(Optional.empty(), kind.findBytes(allocator));
    Handle<String> handle = kind.open(allocator, FIRST);
    handle.write("a");
    Handle<byte[]> bytes = kind.findBytes(allocator).orElseThrow();
    assertEquals("a", FIRST.decode(bytes.read().get(0)));
    assertEquals(new CodecFormat(0x7007, 1), bytes.format());
    assertEquals(List.of(), bytes.check());
    assertEquals(new CodecFormat(0x7007, 1), handle.format());
    assertEquals(List.of("a"), handle.read());
  }

  @ParameterizedTest
  @EnumSource
  void bytesOfANewerVersionAreReadByWhoeverHasThemOpen(CodecKind kind) {
    assumeTrue(Set.of(CodecKind.QUEUE, CodecKind.DEQUE, CodecKind.LIST).contains(kind));
    Handle<String> old = kind.open(allocator, FIRST);
    old.write("a");
    Handle<byte[]> bytes = kind.findBytes(allocator).orElseThrow();
    kind.open(allocator, SECOND).write("b");
    assertEquals("b", SECOND.decode(bytes.read().get(1)));
    assertEquals("a", SECOND.decode(bytes.take(SECOND.encode("c"))));
    assertEquals(new CodecFormat(0x7007, 2), bytes.format());
  }

  @ParameterizedTest
  @EnumSource
  void aHeapForReadingIsOnlyLookedAt(CodecKind kind) {
    kind.open(allocator, FIRST).write("a");
    try (Heap readOnly = Heap.builder().readOnly().anyAddress().attach(path);
        Allocator reader = Allocator.on(readOnly)) {
      assertEquals(List.of("a"), kind.find(reader, FIRST).orElseThrow().read());
      assertEquals(1, kind.findBytes(reader).orElseThrow().read().size());
      refused(() -> kind.find(reader, OTHER));
      refused(() -> kind.open(reader, OTHER));
      if (!kind.isOfKeys()) {
        Handle<String> newer = kind.find(reader, SECOND).orElseThrow();
        assertEquals(List.of("a"), newer.read());
        assertEquals(1, newer.format().version());
        kind.open(allocator, SECOND).write("b");
        assertEquals(List.of("a", "b"), newer.read());
        refused(() -> kind.find(reader, FIRST));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofMakersWithDifferentCodecsOneWins(CodecKind kind) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      for (int round = 0; round < 20; round++) {
        CyclicBarrier start = new CyclicBarrier(3);
        List<Future<Handle<String>>> makers = new ArrayList<>();
        for (int id = 0x7007; id < 0x700a; id++) {
          Codec<String> codec = new Marked(id, 1);
          Callable<Handle<String>> maker =
              () -> {
                start.await();
                return kind.open(allocator, codec);
              };
          makers.add(threads.submit(maker));
        }
        int winners = 0;
        for (Future<Handle<String>> maker : makers) {
          try {
            maker.get().write("a");
            winners++;
          } catch (ExecutionException e) {
            assertTrue(e.getCause() instanceof CodecMismatchException, e::toString);
          }
        }
        assertEquals(1, winners);
        int id = kind.findBytes(allocator).orElseThrow().format().id();
        Marked winner = new Marked(id, 1);
        assertEquals(List.of("a"), kind.open(allocator, winner).read());
        assertTrue(kind.remove(allocator, winner));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void hostileWordsAreTold(CodecKind kind) {
    Handle<String> handle = kind.open(allocator, FIRST);
    handle.write("a");
    long word = kind.word(allocator);
    long good = heap.getLong(word);
    assertEquals(1L << 32 | 0x7007, good);
    for (long hostile :
        new long[] {
          0, 0x7007, 1, -1, Long.MIN_VALUE, Long.MIN_VALUE | 0x7007, Long.MAX_VALUE, 7L << 32
        }) {
      heap.putLong(word, hostile);
      String message = refused(() -> kind.open(allocator, FIRST));
      assertSays(message, kind.part());
      refused(handle::read);
      refused(() -> handle.write("b"));
      if (hostile != 0) {
        Handle<byte[]> bytes = kind.findBytes(allocator).orElseThrow();
        assertEquals(1, bytes.read().size());
        assertEquals(hostile >> 32 < 1, !bytes.check().isEmpty(), "0x" + Long.toHexString(hostile));
      } else {
        assertSays(refused(() -> kind.findBytes(allocator)), "have no format");
      }
      heap.putLong(word, good);
    }
    assertEquals(List.of("a"), handle.read());
    assertEquals(List.of(), handle.check());
  }

  @ParameterizedTest
  @EnumSource
  void aRemovedOneIsMadeAnewWithAnotherCodec(CodecKind kind) {
    kind.open(allocator, FIRST).write("a");
    assertTrue(kind.remove(allocator, FIRST));
    Handle<String> anew = kind.open(allocator, OTHER);
    anew.write("b");
    assertEquals(List.of("b"), anew.read());
  }

  private static Codec<List<Optional<Map<Long, String>>>> nested(int version) {
    return Codecs.lists(Codecs.optionals(Codecs.maps(Codecs.longs(), new Marked(0x7007, version))));
  }

  @ParameterizedTest
  @EnumSource
  void partsOfACodecCountAsTheWhole(CodecKind kind) {
    List<Optional<Map<Long, String>>> one = List.of(Optional.of(Map.of(1L, "a")));
    List<Optional<Map<Long, String>>> none = List.of(Optional.empty());
    Handle<List<Optional<Map<Long, String>>>> first = kind.open(allocator, nested(1));
    first.write(one);
    refused(() -> kind.open(allocator, Codecs.lists(Codecs.optionals(FIRST))));
    refused(
        () ->
            kind.open(
                allocator, Codecs.lists(Codecs.optionals(Codecs.maps(Codecs.longs(), OTHER)))));
    if (kind.isOfKeys()) {
      refused(() -> kind.open(allocator, nested(2)));
    } else {
      Handle<List<Optional<Map<Long, String>>>> second = kind.open(allocator, nested(2));
      assertEquals(List.of(one), second.read());
      second.write(none);
      assertEquals(List.of(one, none), second.read());
      refused(first::read);
      refused(() -> kind.open(allocator, nested(1)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void recordsAreReadByTheirRecordOnly(CodecKind kind) {
    Codec<Sample> samples = Codecs.records(Sample.class, MethodHandles.lookup());
    Handle<Sample> handle = kind.open(allocator, samples);
    Sample sample = new Sample("a", List.of(Optional.of(1)));
    handle.write(sample);
    assertEquals(List.of(sample), handle.read());
    refused(() -> kind.open(allocator, Codecs.records(OtherSample.class, MethodHandles.lookup())));
  }

  /** A record of optional parts. */
  record Sample(String name, List<Optional<Integer>> numbers) {}

  /** The same bytes with another meaning. */
  record OtherSample(String title, List<Optional<Integer>> numbers) {}

  @ParameterizedTest
  @EnumSource
  void aVersionLessThanOneIsNone(CodecKind kind) {
    assertThrows(IllegalArgumentException.class, () -> kind.open(allocator, new Marked(0x7007, 0)));
    assertFalse(kind.findBytes(allocator).isPresent());
  }

  @ParameterizedTest
  @EnumSource
  void bytesThatTheCodecRefusesAreSaidToBeOfTheStructure(CodecKind kind) {
    Codec<Long> broken =
        new Codec<>() {
          @Override
          public int length(Long object) {
            return 4;
          }

          @Override
          public void encode(Long object, ByteBuffer to) {
            to.putInt(object.intValue());
          }

          @Override
          public Long decode(ByteBuffer from) {
            return from.getLong();
          }

          @Override
          public String toString() {
            return "broken";
          }
        };
    Handle<Long> handle = kind.open(allocator, broken);
    handle.write(1L);
    String message = assertThrows(CodecException.class, handle::read).getMessage();
    assertSays(
        message, "in the " + kind.part() + " \"" + CodecKind.NAME + "\"", "broken reads more");
  }
}
