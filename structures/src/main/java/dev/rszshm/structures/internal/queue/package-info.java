/** What queues of every kind have in common. */
package dev.rszshm.structures.internal.queue;
