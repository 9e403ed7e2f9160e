package dev.rszshm.heap;

import dev.rszshm.heap.errors.TruncatedHeapException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets somebody truncate the file of a heap, and then touches what is no longer there with every
 * kind of access. Ends with "survived" if each of them ended in an exception that says so.
 */
final class TruncatedHeapMain {
  private static final long LENGTH = 1 << 20;
  private static long sink;

  private TruncatedHeapMain() {}

  public static void main(String[] arguments) throws IOException {
    Path path = Path.of(arguments[0]);
    int warmUp = Integer.parseInt(arguments[1]);
    if (arguments.length > 2) {
      try (FileRegion region = Region.map(path, MapMode.READ_WRITE)) {
        truncate(region, path, warmUp);
      }
    } else {
      try (Heap heap = Heap.builder().plain().span(4 * LENGTH).length(LENGTH - 24).create(path)) {
        truncate(heap, path, warmUp);
        followAndGrow(heap, path);
      }
    }
    System.out.println("survived");
  }

  private static void truncate(Region region, Path path, int warmUp) throws IOException {
    long gone = region.length() - 4096;
    Map<String, Runnable> accesses = accesses(region, gone);
    for (int i = 0; i < warmUp; i++) {
      accesses.values().forEach(Runnable::run);
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(LENGTH / 2);
    }
    for (Map.Entry<String, Runnable> access : accesses.entrySet()) {
      expectFault(access.getKey(), access.getValue());
    }
    sink += region.getLong(24);
  }

  private static Map<String, Runnable> accesses(Region heap, long gone) {
    byte[] bytes = new byte[4096];
    Map<String, Runnable> accesses = new LinkedHashMap<>();
    accesses.put("get", () -> sink += heap.getLong(gone));
    accesses.put("getVolatile", () -> sink += heap.getIntVolatile(gone));
    accesses.put("getArray", () -> heap.getArray(gone, bytes, 0, 4096));
    accesses.put("mismatch", () -> sink += heap.mismatch(gone, heap, gone - 4096, 4096).orElse(-1));
    accesses.put("put", () -> heap.putLong(gone, 1));
    accesses.put("putRelease", () -> heap.putLongRelease(gone, 1));
    accesses.put("compareAndSet", () -> heap.compareAndSetLong(gone, 1, 2));
    accesses.put("compareAndSetInt", () -> heap.compareAndSetInt(gone, 1, 2));
    accesses.put("getAndAdd", () -> sink += heap.getAndAddLong(gone, 1));
    accesses.put("getAndSet", () -> sink += heap.getAndSetInt(gone, 1));
    accesses.put("putArray", () -> heap.putArray(gone, bytes, 0, 4096));
    accesses.put("fill", () -> heap.fill(gone, 4096, (byte) 0));
    accesses.put("copy", () -> heap.copy(gone - 4096, gone, 4096));
    return accesses;
  }

  private static void expectFault(String name, Runnable access) {
    try {
      access.run();
      spend();
    } catch (InternalError expected) {
      System.out.println(name + ": " + expected.getClass().getSimpleName());
      return;
    }
    throw new AssertionError(name + " did not fail");
  }

  /** In compiled code the error arrives at the next safepoint. */
  private static void spend() {
    for (int i = 0; i < 1000; i++) {
      sink += Integer.toString(i).length();
    }
  }

  /** Another attachment, whose file is shorter than the header has come to say. */
  private static void followAndGrow(Heap heap, Path path) throws IOException {
    try {
      Heap.attach(path);
      throw new AssertionError("attached to a truncated heap");
    } catch (TruncatedHeapException expected) {
      System.out.println("attach: " + expected.kind());
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.writeLong(Long.reverseBytes(2 * LENGTH));
      try {
        heap.catchUp();
        throw new AssertionError("followed a truncated heap");
      } catch (TruncatedHeapException expected) {
        System.out.println("catchUp: " + expected.kind());
      }
      try {
        heap.grow();
        throw new AssertionError("grew a truncated heap");
      } catch (TruncatedHeapException expected) {
        System.out.println("grow: " + expected.kind());
      }
      file.setLength(0);
    }
    expectFault("length", heap::length);
    expectFault("grow of nothing", heap::grow);
    expectFault("catchUp of nothing", heap::catchUp);
  }
}
