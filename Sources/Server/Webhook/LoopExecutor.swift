internal import NIOCore

/// Runs tasks on the thread of an event loop.
///
/// A connection is served on the thread that reads it: a review otherwise changes threads four times. Everything else stays on the threads that Swift has for
/// tasks, so judging a whole cluster never stands in the way of a review.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
