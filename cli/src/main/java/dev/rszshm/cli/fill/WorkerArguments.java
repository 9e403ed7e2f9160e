package dev.rszshm.cli.fill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a worker is told on its command line.
 *
 * @param letter the worker's name, and what it writes
 * @param path the heap
 * @param total bytes to fill
 * @param claim bytes to claim at a time
 * @param busy whether to make a system call for each byte
 * @param input the file to load; null: fill with letters
 */
record WorkerArguments(char letter, Path path, long total, long claim, boolean busy, Path input) {

  static WorkerArguments parse(String[] words) {
    return new WorkerArguments(
        words[0].charAt(0),
        Path.of(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]),
        Boolean.parseBoolean(words[4]),
        words.length > 5 ? Path.of(words[5]) : null);
  }

  List<String> format() {
    List<String> words = new ArrayList<>();
    words.add(String.valueOf(letter));
    words.add(path.toString());
    words.add(String.valueOf(total));
    words.add(String.valueOf(claim));
    words.add(String.valueOf(busy));
    if (input != null) {
      words.add(input.toString());
    }
    return words;
  }
}
