package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.structures.struct.SharedArray;
import dev.rszshm.structures.struct.StoredLayout;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;

/** Arrays of numbers, which are shown as such, or of structs, by their fields. */
final class ArrayKind extends StructureKind<SharedArray<byte[]>> {
  ArrayKind() {
    super(16);
  }

  @Override
  SharedArray<byte[]> open(Root root, long place) {
    return SharedArray.find(root.allocator(), root.name())
        .orElseThrow(() -> new IllegalStateException("the array was removed meanwhile"));
  }

  @Override
  Description describe(Root root, SharedArray<byte[]> array) {
    long elements = array.size();
    return new Description(
        "array",
        "array of " + count(elements, "element") + " of type " + array.elementName(),
        Json.object(
            "elements", elements,
            "elementType", array.elementName(),
            "elementLength", array.elementLength()));
  }

  @Override
  Verdict look(SharedArray<byte[]> array) {
    return new Verdict(array.check().findings(), false);
  }

  @Override
  public Optional<String> remains(Root root) {
    return StoredLayout.find(root.allocator(), open(root).elementName())
        .flatMap(StructText::references);
  }

  @Override
  public void remove(Root root) {
    SharedArray.remove(root.allocator(), root.name());
  }

  @Override
  void dump(Root root, SharedArray<byte[]> array, PrintStream out, int most) {
    Function<byte[], String> text = text(root, array);
    print(
        LongStream.range(0, array.size()).iterator(),
        out,
        most,
        index -> index + ": " + text.apply(array.get(index)));
  }

  /** Returns how an element is written: a number as such, a struct by its fields. */
  private static Function<byte[], String> text(Root root, SharedArray<byte[]> array) {
    String type = array.elementName();
    if (ElementText.parse(type, "0").isPresent()) {
      return bytes -> ElementText.of(type, bytes);
    }
    return StoredLayout.find(root.allocator(), type)
        .filter(layout -> layout.length() >= array.elementLength())
        .<Function<byte[], String>>map(layout -> bytes -> StructText.of(layout, bytes))
        .orElse(ByteText::hex);
  }

  @Override
  public Optional<Values> values(Root root) {
    SharedArray<byte[]> array = open(root);
    Function<byte[], String> text = text(root, array);
    return Optional.of(
        new IndexedValues(
            "array",
            array::size,
            index -> text.apply(array.get(index)),
            (index, value) -> array.set(index, bytes(array, value))));
  }

  private static byte[] bytes(SharedArray<byte[]> array, String value) {
    return ElementText.parse(array.elementName(), value)
        .orElseThrow(
            () ->
                new UnsupportedOperationException(
                    "elements of type "
                        + array.elementName()
                        + " are set by programs: put sets elements that are numbers"));
  }
}
