package dev.rszshm.cli.fill;

import dev.rszshm.cli.CommandException;
import dev.rszshm.heap.Heap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Copies a file into the heap: the byte of an index is the byte of the file at that offset. */
final class FileWork implements Work {
  /** Longest read, so that a large claim does not become one endless system call. */
  private static final int PIECE_LENGTH = 1 << 20;

  private static final int VIEW_LENGTH = 1 << 30;

  private final Heap heap;
  private final FillLayout layout;
  private final Path input;
  private final FileChannel channel;
  private ByteBuffer view = ByteBuffer.allocate(0);
  private long viewOffset;

  /** Opens the file, which stays open as long as the process lives. */
  FileWork(Heap heap, Path input) {
    this.heap = heap;
    this.layout = FillLayout.of(heap);
    this.input = input;
    try {
      this.channel = FileChannel.open(input, StandardOpenOption.READ);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void write(long index, long length) {
    heap.ensure(layout.offset(index + length));
    for (long done = 0; done < length; done += PIECE_LENGTH) {
      read(index + done, (int) Math.min(PIECE_LENGTH, length - done));
    }
  }

  private void read(long index, int length) {
    ByteBuffer piece = view(layout.offset(index), length);
    try {
      while (piece.hasRemaining()) {
        if (channel.read(piece, index + piece.position()) < 0) {
          throw FileCheck.changed(input, index + piece.position(), index + length);
        }
      }
    } catch (IOException e) {
      throw CommandException.failed("input", input + " cannot be read: " + e.getMessage());
    }
  }

  /** A part of the heap, cut from a view that reaches as far as this process has mapped it. */
  private ByteBuffer view(long offset, int length) {
    if (offset < viewOffset || offset + length > viewOffset + view.capacity()) {
      view = heap.asByteBuffer(offset, (int) Math.min(heap.mappedLength() - offset, VIEW_LENGTH));
      viewOffset = offset;
    }
    return view.slice((int) (offset - viewOffset), length);
  }
}
