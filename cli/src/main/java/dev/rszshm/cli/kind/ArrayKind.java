package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.structures.struct.SharedArray;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.LongStream;

/** Arrays of numbers, which are shown as such, or of structs, which are bytes here. */
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
  void dump(SharedArray<byte[]> array, PrintStream out, int most) {
    String type = array.elementName();
    print(
        LongStream.range(0, array.size()).iterator(),
        out,
        most,
        index -> index + ": " + text(type, array.get(index)));
  }

  private static String text(String type, byte[] bytes) {
    ByteBuffer number = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return switch (type + " " + bytes.length) {
      case "int8 1" -> Byte.toString(number.get());
      case "uint8 1" -> Integer.toString(Byte.toUnsignedInt(number.get()));
      case "int16 2" -> Short.toString(number.getShort());
      case "uint16 2" -> Integer.toString(Short.toUnsignedInt(number.getShort()));
      case "int32 4" -> Integer.toString(number.getInt());
      case "uint32 4" -> Integer.toUnsignedString(number.getInt());
      case "int64 8" -> Long.toString(number.getLong());
      case "float32 4" -> Float.toString(number.getFloat());
      case "float64 8" -> Double.toString(number.getDouble());
      default -> ByteText.hex(bytes);
    };
  }
}
