package dev.rszshm.examples;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.NoSuchHeapException;
import java.nio.file.Path;

/**
 * The first program leaves a greeting, the second one reads it: run it twice with the same file.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.HelloHeap /dev/shm/hello
 * }</pre>
 */
public final class HelloHeap {
  private HelloHeap() {}

  /** Takes the path of the heap. */
  public static void main(String[] args) {
    Path path = Path.of(args[0]);
    try (Heap heap = Heap.attach(path)) {
      read(heap);
      heap.remove(); // the name only: whoever is attached stays attached
    } catch (NoSuchHeapException e) {
      // A heap stays when the program that made it ends.
      try (Heap heap = Heap.builder().length(4096).create(path)) {
        write(heap, "hello from process " + ProcessHandle.current().pid());
      }
    }
  }

  private static void write(Heap heap, String greeting) {
    // The content begins at dataOffset(): what lies below belongs to the heap itself.
    long length = heap.dataOffset();
    long text = length + Integer.BYTES;
    int bytes = heap.putUtf8(text, greeting);
    // Written last, with release order: whoever reads this length finds the text behind it.
    heap.putIntRelease(length, bytes);
    System.out.println("wrote: " + greeting);
  }

  private static void read(Heap heap) {
    long length = heap.dataOffset();
    int bytes = heap.getIntAcquire(length);
    System.out.println("read: " + heap.getUtf8(length + Integer.BYTES, bytes));
  }
}
