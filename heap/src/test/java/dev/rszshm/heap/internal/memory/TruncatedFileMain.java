package dev.rszshm.heap.internal.memory;

import dev.rszshm.heap.spi.Memory;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Does everything {@link Memory} can do to a mapped file that has been truncated, and prints what
 * became of it. Arguments: the implementation, the file, and how often to do it beforehand while
 * the file still has its pages, so that it gets compiled.
 */
final class TruncatedFileMain {
  private static final int LENGTH = 1 << 16;

  static byte[] allocation = {};

  /** Static, so that the mapping is not collected. */
  static MappedByteBuffer mapped;

  interface Operation {
    void on(Memory memory, long address);
  }

  private TruncatedFileMain() {}

  static Map<String, Operation> operations() {
    Map<String, Operation> operations = new LinkedHashMap<>();
    for (Access access : Access.ALL) {
      operations.put("get" + access, (m, a) -> access.get().from(m, a));
      operations.put("put" + access, (m, a) -> access.put().to(m, a, 1));
    }
    operations.put("compareAndSetLong", (m, a) -> m.compareAndSetLong(a, 0, 1));
    operations.put("compareAndExchangeLong", (m, a) -> m.compareAndExchangeLong(a, 0, 1));
    operations.put("getAndAddLong", (m, a) -> m.getAndAddLong(a, 1));
    operations.put("getAndSetLong", (m, a) -> m.getAndSetLong(a, 1));
    operations.put("getAndBitwiseOrLong", (m, a) -> m.getAndBitwiseOrLong(a, 1));
    operations.put("getAndBitwiseAndLong", (m, a) -> m.getAndBitwiseAndLong(a, 1));
    operations.put("compareAndSetInt", (m, a) -> m.compareAndSetInt(a, 0, 1));
    operations.put("compareAndExchangeInt", (m, a) -> m.compareAndExchangeInt(a, 0, 1));
    operations.put("getAndAddInt", (m, a) -> m.getAndAddInt(a, 1));
    operations.put("getAndSetInt", (m, a) -> m.getAndSetInt(a, 1));
    operations.put("getAndBitwiseOrInt", (m, a) -> m.getAndBitwiseOrInt(a, 1));
    operations.put("getAndBitwiseAndInt", (m, a) -> m.getAndBitwiseAndInt(a, 1));
    long elsewhere = NativeMemory.allocate(LENGTH);
    for (int length : new int[] {64, 8192}) {
      long[] array = new long[length / Long.BYTES];
      operations.put("copy from " + length, (m, a) -> m.copy(a, elsewhere, length));
      operations.put("copy to " + length, (m, a) -> m.copy(elsewhere, a, length));
      operations.put("copyIn " + length, (m, a) -> m.copyIn(array, 0, a, array.length));
      operations.put("copyOut " + length, (m, a) -> m.copyOut(a, array, 0, array.length));
      operations.put("fill " + length, (m, a) -> m.fill(a, length, (byte) 0));
      operations.put("mismatch " + length, (m, a) -> m.mismatch(a, elsewhere, length));
    }
    return operations;
  }

  public static void main(String[] arguments) throws Exception {
    Memory memory = Implementations.of(arguments[0]);
    int rehearsals = Integer.parseInt(arguments[2]);
    Map<String, Operation> operations = operations();
    try (RandomAccessFile file = new RandomAccessFile(arguments[1], "rw")) {
      file.setLength(LENGTH);
      mapped = file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, LENGTH);
      long address = NativeMemory.addressOf(mapped);
      for (Operation operation : operations.values()) {
        for (int i = 0; i < rehearsals; i++) {
          operation.on(memory, address);
        }
      }
      file.setLength(0);
      for (Map.Entry<String, Operation> operation : operations.entrySet()) {
        System.out.println("try " + operation.getKey());
        System.out.println(outcome(operation.getValue(), memory, address) + operation.getKey());
      }
    }
    System.out.println("alive");
  }

  private static String outcome(Operation operation, Memory memory, long address) {
    try {
      operation.on(memory, address);
      enterJvm();
      return "nothing ";
    } catch (InternalError e) {
      return "error ";
    }
  }

  /** Allocates more than a thread has at hand, so that a fault noted before is thrown now. */
  private static void enterJvm() {
    allocation = new byte[1 << 22];
  }
}
