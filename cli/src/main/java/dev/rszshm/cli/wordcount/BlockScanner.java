package dev.rszshm.cli.wordcount;

import dev.rszshm.cli.CommandException;
import dev.rszshm.cli.file.FileTrouble;
import dev.rszshm.cli.worker.FileCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts the words of a block: those whose first byte is in it. So each word of a file is counted
 * in exactly one block, however it is cut into blocks.
 *
 * <p>Whether a word that goes on into the block began before it shows in the last bytes before it:
 * the first byte of a character differs from all others, so a character that ends at the block's
 * begin, or goes on into it, is found there, whatever precedes. A word that begins in the block is
 * read to its end, even if that is blocks away.
 *
 * <p>For one thread.
 */
final class BlockScanner implements AutoCloseable {
  /** The most bytes of a word. */
  static final int MAX_WORD_LENGTH = 64 << 20;

  private static final int AHEAD = 64;

  private byte[] bytes = new byte[0];

  /** Offset in the file of the first byte in the array. */
  private long position;

  /** Index behind the last byte in the array. */
  private int limit;

  private CorpusFile file = new CorpusFile("", 0);
  private @Nullable FileChannel channel;

  /** Adds the words of a block to a table; letters of ASCII in lower case, others as they are. */
  void scan(Corpus.Block block, WordTable words) {
    FileChannel opened = open(block.file());
    position = Math.max(0, block.from() - Utf8.MAX_LENGTH);
    limit = 0;
    int end = (int) (block.to() - position);
    read(opened, end + AHEAD);
    int index = begin((int) (block.from() - position), end);
    while (index < end) {
      byte lower = Utf8.lower(bytes[index]);
      if (lower == Utf8.SEPARATOR
          || (lower == Utf8.NOT_ASCII && Utf8.wordCharacter(bytes, index, limit) == 0)) {
        index++;
      } else {
        index = scanWord(opened, index, words);
      }
    }
  }

  /** Returns where the first word can begin that is not one that began before the block. */
  private int begin(int start, int end) {
    int index = start;
    boolean within = false;
    for (int i = 1; i <= Math.min(start, Utf8.MAX_LENGTH) && !within; i++) {
      int length = Utf8.wordCharacter(bytes, start - i, limit);
      within = length >= i;
      index = within ? start - i + length : start;
    }
    while (within && index < end) {
      int length = Utf8.wordCharacter(bytes, index, limit);
      within = length > 0;
      index += length;
    }
    return index;
  }

  /** Adds the word that begins at an index; returns the index behind it. */
  private int scanWord(FileChannel opened, int start, WordTable words) {
    int hash = WordTable.hash();
    int index = start;
    while (true) {
      if (index > limit - Utf8.MAX_LENGTH) {
        readOn(opened, start, index);
      }
      byte[] text = bytes;
      int end = limit;
      byte lower = lower(text, index, end);
      while (lower > 0) {
        hash = WordTable.hash(hash, lower);
        text[index++] = lower;
        lower = lower(text, index, end);
      }
      requireLength(start, index);
      if (index > end - Utf8.MAX_LENGTH && position + end < file.length()) {
        continue; // what comes next has to be read first
      }
      int length = lower == Utf8.SEPARATOR ? 0 : Utf8.wordCharacter(text, index, end);
      if (length == 0) {
        words.add(text, start, index, hash, 1);
        return index;
      }
      for (int i = 0; i < length; i++) {
        hash = WordTable.hash(hash, text[index++]);
      }
    }
  }

  private void requireLength(int start, int index) {
    if (index - start > MAX_WORD_LENGTH) {
      throw CommandException.failed(
          "word-too-long",
          file.path()
              + " has a word of more than "
              + MAX_WORD_LENGTH
              + " bytes at offset "
              + (position + start)
              + ": it does not look like text");
    }
  }

  private static byte lower(byte[] text, int index, int end) {
    return index < end ? Utf8.lower(text[index]) : Utf8.SEPARATOR;
  }

  /** Makes sure that a character can be looked at, unless the file ends before. */
  private void readOn(FileChannel opened, int start, int index) {
    if (position + limit < file.length()) {
      read(opened, index + Math.max(AHEAD, index - start));
    }
  }

  /** Reads on until so many bytes are in the array, or all. */
  private void read(FileChannel opened, int wanted) {
    int target = (int) Math.min(wanted, file.length() - position);
    if (target > bytes.length) {
      bytes = Arrays.copyOf(bytes, target);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, target).position(limit);
    try {
      while (buffer.hasRemaining()) {
        if (opened.read(buffer, position + buffer.position()) < 0) {
          throw FileCheck.changed(
              Path.of(file.path()), position + buffer.position(), file.length());
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    limit = target;
  }

  private FileChannel open(CorpusFile wanted) {
    FileChannel opened = channel;
    if (opened == null || !wanted.equals(file)) {
      close();
      file = wanted;
      try {
        opened = FileChannel.open(Path.of(wanted.path()), StandardOpenOption.READ);
      } catch (IOException e) {
        throw unreadable(e);
      }
      channel = opened;
    }
    return opened;
  }

  private CommandException unreadable(IOException e) {
    return CommandException.failed("input", FileTrouble.reading(Path.of(file.path()), e));
  }

  @Override
  public void close() {
    FileChannel opened = channel;
    channel = null;
    if (opened != null) {
      try {
        opened.close();
      } catch (IOException e) {
        throw unreadable(e);
      }
    }
  }
}
