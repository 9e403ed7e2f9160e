/** What goes wrong with queues, deques and logs. */
package dev.rszshm.structures.queue.errors;
