using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Tests.Events.Queue;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events;

/// <summary>The options that <c>AddEventSink</c> takes.</summary>
public class EventSinkOptionsTests
{
    [TestCase(1)]
    [TestCase(3)]
    public async Task AddEventSink_Instance_IsGivenThatManyBatchesAtATime(int batches)
    {
        var sink = new GatedSink();
        await using var host = GovernedHost.Create(
            services => services.AddThoth().AddEventSink(sink, options => options.MaxConcurrentBatches = batches));

        await AssertConcurrencyAsync(host, sink, batches);
    }

    [Test]
    public async Task AddEventSink_TypeAddedTwice_IsOneSinkWithTheLastOptions()
    {
        await using var host = GovernedHost.Create(services => services.AddThoth()
            .AddEventSink<GatedSink>(options => options.MaxConcurrentBatches = 4).AddEventSink<GatedSink>(options => options.MaxConcurrentBatches = 2));

        await AssertConcurrencyAsync(host, host.Services.GetServices<IEventSink>().OfType<GatedSink>().Single(), 2);
    }

    [Test]
    public async Task AddEventSink_Factory_IsGivenThatManyBatchesAtATime()
    {
        var sink = new GatedSink();
        await using var host = GovernedHost.Create(
            services => services.AddThoth().AddEventSink(_ => sink, options => options.MaxConcurrentBatches = 2));

        await AssertConcurrencyAsync(host, sink, 2);
    }

    [Test]
    public async Task AddEventSink_NoOptions_IsGivenOneBatchAtATime()
    {
        var sink = new GatedSink();
        await using var host = GovernedHost.Create(services => services.AddThoth().AddEventSink(sink));

        await AssertConcurrencyAsync(host, sink, 1);
    }

    [TestCase(0)]
    [TestCase(65)]
    public void AddEventSink_OutOfRange_Throws(int batches)
    {
        var thoth = new ServiceCollection().AddThoth();

        Assert.That(
            () => thoth.AddEventSink(new InMemoryEventSink(), options => options.MaxConcurrentBatches = batches),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("EventSinkOptions.MaxConcurrentBatches must be 1 to 64."));
    }

    private static async Task AssertConcurrencyAsync(GovernedHost host, GatedSink sink, int batches)
    {
        var pipeline = host.Get<EventPipeline>();
        for (var i = 0; i < 50; i++)
        {
            pipeline.Enqueue(EventSamples.New());
        }

        var flush = pipeline.FlushAsync();
        await sink.ReachedAsync(batches);
        sink.Open();
        await flush;

        Assert.That(sink.MostUnderWay, Is.EqualTo(batches));
    }
}
