namespace Thoth.Interception.Tests.Events.Queue;

/// <summary>A sink whose queue is to give it several batches at a time.</summary>
internal interface IConcurrentSink : IEventSink
{
    int MaxConcurrentBatches { get; }

    static int Of(IEventSink sink) => (sink as IConcurrentSink)?.MaxConcurrentBatches ?? 1;
}
