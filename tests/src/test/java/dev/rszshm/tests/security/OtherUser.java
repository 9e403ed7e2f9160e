package dev.rszshm.tests.security;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.errors.HeapException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** What another user tries; run as that user. Tells what came of it in one line. */
final class OtherUser {
  private OtherUser() {}

  /** Something to try on a path. */
  private interface Attempt {
    void on(Path path) throws IOException;
  }

  public static void main(String[] words) {
    Path path = Path.of(words[1]);
    Attempt attempt =
        switch (words[0]) {
          case "attach" ->
              place -> Heap.builder().anyAddress().foreignOwner().attach(place).close();
          case "look" ->
              place -> Heap.builder().readOnly().anyAddress().foreignOwner().attach(place).close();
          case "info" -> HeapInfo::of;
          case "write" ->
              place -> {
                try (FileChannel file = FileChannel.open(place, StandardOpenOption.WRITE)) {
                  file.write(ByteBuffer.allocate(8), 0);
                }
              };
          case "truncate" ->
              place -> {
                try (FileChannel file = FileChannel.open(place, StandardOpenOption.WRITE)) {
                  file.truncate(0);
                }
              };
          case "delete" -> Files::delete;
          case "rename" -> place -> Files.move(place, place.resolveSibling("moved"));
          case "remove" -> Heap::remove;
          case "plant" -> OtherUser::plant;
          case "link" -> place -> Files.createSymbolicLink(place, Path.of(words[2]));
          case "open" -> place -> Files.writeString(place, "", StandardOpenOption.CREATE_NEW);
          default -> throw new IllegalArgumentException(words[0]);
        };
    try {
      attempt.on(path);
      System.out.println("done");
    } catch (HeapException e) {
      System.out.println(e.kind());
    } catch (IOException e) {
      System.out.println(e.getClass().getSimpleName());
    }
  }

  /** Makes a heap that all may write. */
  private static void plant(Path place) {
    HeapBuilder builder =
        Heap.builder().permissions(PosixFilePermissions.fromString("rw-rw-rw-")).span(1 << 20);
    builder.create(place).close();
  }
}
