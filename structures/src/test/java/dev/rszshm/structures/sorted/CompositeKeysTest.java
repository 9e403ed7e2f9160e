package dev.rszshm.structures.sorted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.StructureFixture;
import dev.rszshm.structures.codec.CodecException;
import dev.rszshm.structures.codec.CodecFormat;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.errors.CodecMismatchException;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Keys of several parts, and in the opposite order: their bytes are in their order. */
class CompositeKeysTest {
  private static final OrderedCodec<String> STRINGS = OrderedCodecs.strings();
  private static final OrderedCodec<Long> LONGS = OrderedCodecs.longs();

  private record Place(String city, int number) {}

  private record Visit(Place place, String guest, long time, String note) {}

  private record Other(String city, long number) {}

  private record Renamed(String city, int number) {}

  private record OtherName(String town, int number) {}

  private record Nothing() {}

  private record Itself(int number, Itself next) {}

  private record Flag(boolean set) {}

  private static final OrderedCodec<Visit> VISITS =
      OrderedCodecs.records(Visit.class, MethodHandles.lookup());

  /** A visit, the newest first. */
  private static final OrderedCodec<Visit> NEWEST =
      OrderedCodecs.records(
          Visit.class,
          MethodHandles.lookup(),
          List.of(
              OrderedCodecs.reversed(OrderedCodecs.records(Place.class, MethodHandles.lookup())),
              OrderedCodecs.reversed(STRINGS),
              OrderedCodecs.reversed(LONGS),
              STRINGS));

  private static final Comparator<Place> PLACES =
      Comparator.comparing(Place::city).thenComparing(Place::number);

  private static <T> void assertOrder(OrderedCodec<T> codec, Comparator<T> order, T a, T b) {
    byte[] x = codec.encode(a);
    byte[] y = codec.encode(b);
    int expected = Integer.signum(order.compare(a, b));
    assertEquals(expected, Integer.signum(Arrays.compareUnsigned(x, y)), () -> a + ", " + b);
    assertEquals(expected, Integer.signum(codec.comparator().compare(a, b)));
    assertEquals(a, codec.decode(x));
    assertEquals(x.length, codec.length(a));
    ByteBuffer room = ByteBuffer.allocate(x.length);
    codec.encode(a, room);
    assertArrayEquals(x, room.array());
  }

  /** Short, of few characters, those that have a meaning for the format among them. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings()
        .withChars('\0', '\1', '\2', 'a', '\u00ff', '\uffee')
        .ofMaxLength(3);
  }

  @Provide
  Arbitrary<Visit> visits() {
    Arbitrary<Integer> numbers = Arbitraries.integers().between(-1, 1);
    return Combinators.combine(texts(), numbers, texts(), numbers, texts())
        .as(
            (city, number, guest, time, note) ->
                new Visit(new Place(city, number), guest, time, note));
  }

  @Property
  void pairsAreInTheOrderOfTheirParts(
      @ForAll("texts") String a,
      @ForAll("texts") String b,
      @ForAll("texts") String c,
      @ForAll("texts") String d) {
    Comparator<Map.Entry<String, String>> order =
        Map.Entry.<String, String>comparingByKey().thenComparing(Map.Entry.comparingByValue());
    assertOrder(OrderedCodecs.pairs(STRINGS, STRINGS), order, Map.entry(a, b), Map.entry(c, d));
    assertOrder(OrderedCodecs.pairs(STRINGS, STRINGS), order, Map.entry(a, b), Map.entry(a, d));
    assertOrder(
        OrderedCodecs.pairs(OrderedCodecs.reversed(STRINGS), STRINGS),
        Map.Entry.<String, String>comparingByKey(Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByValue()),
        Map.entry(a, b),
        Map.entry(c, d));
    OrderedCodec<Map.Entry<String, String>> pair = OrderedCodecs.pairs(STRINGS, STRINGS);
    assertOrder(
        OrderedCodecs.pairs(pair, LONGS),
        Map.Entry.<Map.Entry<String, String>, Long>comparingByKey(order)
            .thenComparing(Map.Entry.comparingByValue()),
        Map.entry(Map.entry(a, b), 1L),
        Map.entry(Map.entry(c, d), -1L));
    assertOrder(OrderedCodecs.reversed(pair), order.reversed(), Map.entry(a, b), Map.entry(c, d));
  }

  @Property
  void recordsAreInTheOrderOfTheirComponents(@ForAll("visits") Visit a, @ForAll("visits") Visit b) {
    assertOrder(
        VISITS,
        Comparator.comparing(Visit::place, PLACES)
            .thenComparing(Visit::guest)
            .thenComparing(Visit::time)
            .thenComparing(Visit::note),
        a,
        b);
    assertOrder(
        NEWEST,
        Comparator.comparing(Visit::place, PLACES.reversed())
            .thenComparing(Visit::guest, Comparator.reverseOrder())
            .thenComparing(Visit::time, Comparator.reverseOrder())
            .thenComparing(Visit::note),
        a,
        b);
  }

  @Property
  void whatIsReversedIsInTheOppositeOrder(
      @ForAll("texts") String a, @ForAll("texts") String b, @ForAll long x, @ForAll long y) {
    assertOrder(OrderedCodecs.reversed(STRINGS), Comparator.reverseOrder(), a, b);
    assertOrder(OrderedCodecs.reversed(LONGS), Comparator.reverseOrder(), x, y);
    assertEquals(STRINGS, OrderedCodecs.reversed(OrderedCodecs.reversed(STRINGS)));
  }

  /** Any bytes: an object with these very bytes, or an exception of codecs. */
  @Property
  void otherBytesAreRefused(@ForAll byte[] bytes) {
    for (OrderedCodec<Visit> codec : List.of(VISITS, NEWEST)) {
      try {
        assertArrayEquals(bytes, codec.encode(codec.decode(bytes)));
      } catch (CodecException refused) {
        assertTrue(refused.getMessage().contains("found"), refused.getMessage());
      }
    }
  }

  @Test
  void eachFormatHasItsOwnIdentity() {
    List<OrderedCodec<?>> codecs =
        List.of(
            STRINGS,
            LONGS,
            OrderedCodecs.ints(),
            OrderedCodecs.reversed(STRINGS),
            OrderedCodecs.reversed(LONGS),
            OrderedCodecs.pairs(STRINGS, LONGS),
            OrderedCodecs.pairs(LONGS, STRINGS),
            OrderedCodecs.pairs(STRINGS, OrderedCodecs.reversed(LONGS)),
            OrderedCodecs.reversed(OrderedCodecs.pairs(STRINGS, LONGS)),
            OrderedCodecs.pairs(OrderedCodecs.pairs(STRINGS, LONGS), LONGS),
            OrderedCodecs.pairs(STRINGS, OrderedCodecs.pairs(LONGS, LONGS)),
            OrderedCodecs.records(Place.class, MethodHandles.lookup()),
            OrderedCodecs.records(Other.class, MethodHandles.lookup()),
            OrderedCodecs.records(OtherName.class, MethodHandles.lookup()),
            VISITS,
            NEWEST);
    Set<CodecFormat> formats = new HashSet<>();
    codecs.forEach(codec -> assertTrue(formats.add(CodecFormat.of(codec)), codec::toString));
    assertTrue(formats.add(CodecFormat.of(Codecs.records(Place.class, MethodHandles.lookup()))));
    assertEquals(
        CodecFormat.of(OrderedCodecs.records(Place.class, MethodHandles.lookup())),
        CodecFormat.of(OrderedCodecs.records(Renamed.class, MethodHandles.lookup())));
  }

  @Test
  void recordsThatHaveNoOrderAreRefused() {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    for (Class<? extends Record> wrong : List.of(Nothing.class, Itself.class, Flag.class)) {
      assertThrows(
          IllegalArgumentException.class,
          () -> OrderedCodecs.records(wrong, lookup),
          wrong::getName);
    }
    assertThrows(IllegalArgumentException.class, () -> OrderedCodecs.records(Place.class));
    assertThrows(
        IllegalArgumentException.class,
        () -> OrderedCodecs.records(Place.class, lookup, List.of(STRINGS)));
    assertThrows(NullPointerException.class, () -> VISITS.encode(new Visit(null, "", 0, "")));
  }

  private record OfAnything<T>(int a, T thing) {}

  private record OfBounded<T extends Comparable<T>>(T bounded) {}

  private record OfTexts(List<String> texts) {}

  @SuppressWarnings("rawtypes")
  private record OfRaw(Map raw) {}

  private record Within(String a, OfAnything<String> inner) {}

  private record OfText<T extends String>(T text) {}

  @Test
  void aComponentWithoutAnOrderIsNamedWithItsTypeAndWhatThereIs() {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    Map<Class<? extends Record>, String> expected =
        Map.of(
            OfAnything.class,
                "component \"thing\" of " + OfAnything.class.getName() + " is of type T,",
            OfBounded.class,
                "component \"bounded\" of " + OfBounded.class.getName() + " is of type T,",
            OfTexts.class,
                "component \"texts\" of "
                    + OfTexts.class.getName()
                    + " is of type java.util.List<java.lang.String>,",
            OfRaw.class,
                "component \"raw\" of " + OfRaw.class.getName() + " is of type java.util.Map,",
            Flag.class, "of type boolean,",
            Within.class,
                "component \"thing\" of " + OfAnything.class.getName() + " is of type T,");
    expected.forEach(
        (type, text) -> {
          String message =
              assertThrows(
                      IllegalArgumentException.class, () -> OrderedCodecs.records(type, lookup))
                  .getMessage();
          assertTrue(message.contains(text), message);
          assertTrue(message.contains("expected int, long, double, "), message);
          assertTrue(message.contains("records(type, lookup, components)"), message);
        });
    OrderedCodec<?> known = OrderedCodecs.records(OfText.class, lookup); // a String, erased
    assertEquals(1, known.version());
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"}) // as of a program without generics
  void aClassThatIsNoRecordIsRefusedAsSuch() {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    for (Class raw : List.of(String.class, Record.class, int.class, byte[].class)) {
      for (Executable making :
          List.<Executable>of(
              () -> OrderedCodecs.records(raw),
              () -> OrderedCodecs.records(raw, lookup, List.of(STRINGS)),
              () -> Codecs.records(raw))) {
        String message = assertThrows(IllegalArgumentException.class, making).getMessage();
        assertEquals(
            "found " + raw.getTypeName() + ", which is no record, expected the class of one",
            message);
      }
    }
  }

  @Test
  void aSortedMapScansAllKeysWithABeginning() {
    try (StructureFixture fixture = new StructureFixture()) {
      OrderedCodec<Map.Entry<String, Long>> keys = OrderedCodecs.pairs(STRINGS, LONGS);
      SharedSortedMap<Map.Entry<String, Long>, Integer> map =
          SharedSortedMap.named(fixture.allocator, "map", SortedMapSpec.of(keys, Codecs.ints()));
      for (String room : List.of("hall", "hal", "halls", "hall\1", "", "\0", "kitchen")) {
        for (long time = -50; time < 50; time++) {
          map.put(Map.entry(room, time), (int) time);
        }
      }
      List<Integer> found = new ArrayList<>();
      map.subMap(Map.entry("hall", Long.MIN_VALUE), Map.entry("hall\0", Long.MIN_VALUE))
          .forEach(
              (key, value) -> {
                assertEquals("hall", key.getKey());
                found.add(value);
              });
      List<Integer> expected = new ArrayList<>();
      for (int time = -50; time < 50; time++) {
        expected.add(time);
      }
      assertEquals(expected, found);
      assertEquals(List.of(), map.check().findings());
      assertThrows(
          CodecMismatchException.class,
          () ->
              SharedSortedMap.named(
                  fixture.allocator,
                  "map",
                  SortedMapSpec.of(
                      OrderedCodecs.pairs(STRINGS, OrderedCodecs.reversed(LONGS)), Codecs.ints())));
    }
  }
}
