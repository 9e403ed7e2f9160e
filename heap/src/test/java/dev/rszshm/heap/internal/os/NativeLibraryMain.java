package dev.rszshm.heap.internal.os;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;

/** Makes a heap and says how that went. */
final class NativeLibraryMain {
  private NativeLibraryMain() {}

  public static void main(String[] arguments) {
    for (int i = 0; i < 2; i++) {
      try (Heap heap = Heap.builder().span(1 << 20).createAnonymous()) {
        System.out.println("works: " + heap.isOpen());
      } catch (HeapException e) {
        System.out.println(e.kind() + ": " + e.getMessage());
      }
    }
  }
}
