package dev.rszshm.cli.fill;

import dev.rszshm.cli.CommandException;
import dev.rszshm.cli.file.FileTrouble;
import dev.rszshm.cli.worker.FileCheck;
import dev.rszshm.heap.Heap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Copies a file into the heap: the byte of an index is the byte of the file at that offset. */
final class FileWork implements Work {
  private final MovingView view;
  private final Path input;
  private final FileChannel channel;

  /** Opens the file, which stays open as long as the process lives. */
  FileWork(Heap heap, Path input) {
    this.view = new MovingView(heap);
    this.input = input;
    try {
      this.channel = FileChannel.open(input, StandardOpenOption.READ);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public void write(long index, long length) {
    for (long done = 0; done < length; done += MovingView.PIECE_LENGTH) {
      read(index + done, (int) Math.min(MovingView.PIECE_LENGTH, length - done));
    }
  }

  private void read(long index, int length) {
    int start = view.show(index, length);
    ByteBuffer piece = view.view().slice(start, length);
    try {
      while (piece.hasRemaining()) {
        if (channel.read(piece, index + piece.position()) < 0) {
          throw FileCheck.changed(input, index + piece.position(), index + length);
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private CommandException unreadable(IOException e) {
    return CommandException.failed("input", FileTrouble.reading(input, e));
  }
}
