/** What a heap costs, each figure as a ratio against a peer measured in the same run. */
package dev.rszshm.benchmarks;
