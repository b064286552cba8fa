using System.IO.Pipelines;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

public class OpaqueArgumentTests
{
    private static readonly object[] s_opaque =
    [
        Stream.Null, TextReader.Null, TextWriter.Null, () => { }, new Progress<int>(), typeof(string), Task.CompletedTask,
        NullLogger.Instance, new CancellationTokenSource(), new HttpClient(), TimeProvider.System, Channel.CreateUnbounded<int>().Reader,
        new Lazy<int>(() => 1), PipeReader.Create(Stream.Null), new[] { 1 }.AsQueryable(), new EmptyProvider(),
        AsyncEnumerable.Empty<int>(), ValueTask.FromResult(1), ValueTask.CompletedTask, CancellationToken.None,
    ];

    [TestCaseSource(nameof(s_opaque))]
    public void Write_SomethingThatRuns_IsATypedPlaceholder(object value)
    {
        Assert.That(WrappedTools.Shown(value), Does.StartWith("{\"$opaque\":\"").And.EndsWith("\"}"));
    }

    [Test]
    public void Write_OpaqueInsideAnObject_IsAPlaceholderThere()
    {
        var upload = new Upload { Name = "a", Content = new MemoryStream([1, 2, 3]), OnDone = () => { } };

        Assert.That(
            WrappedTools.Shown(upload),
            Is.EqualTo("""{"Name":"a","Content":{"$opaque":"System.IO.Stream"},"OnDone":{"$opaque":"System.Action"}}"""));
    }

    [Test]
    public void Write_OpaqueInCollections_IsAPlaceholderThere()
    {
        Assert.That(WrappedTools.Shown<List<Stream>>([Stream.Null]), Is.EqualTo("""[{"$opaque":"System.IO.Stream"}]"""));
        Assert.That(
            WrappedTools.Shown(new Dictionary<string, object> { ["s"] = new MemoryStream() }),
            Is.EqualTo("""{"s":{"$opaque":"System.IO.MemoryStream"}}"""));
    }

    [Test]
    public async Task Call_WithAStream_GivesTheToolTheStreamItself()
    {
        await using var host = WrappedTools.Host();
        Stream? received = null;
        var stream = new MemoryStream([1]);
        var tool = host.Wrap((Stream content) => { received = content; });

        tool(stream);

        Assert.That(received, Is.SameAs(stream));
        Assert.That(stream.Position, Is.Zero, "it has not been read");
        Assert.That(host.LastArguments, Is.EqualTo("""{"content":{"$opaque":"System.IO.Stream"}}"""));
    }

    [Test]
    public async Task Call_NullableCancellationToken_StaysOffTheWireAndCancels()
    {
        await using var host = WrappedTools.Host();
        var tool = host.Wrap((int a, CancellationToken? token) => a);

        Assert.That(() => tool(1, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        tool(1, null);

        Assert.That(host.LastArguments, Is.EqualTo("""{"a":1}"""));
    }

    [Test]
    public async Task Call_CancellationTokenBeforeAllElse_Cancels()
    {
        await using var host = WrappedTools.Host();
        var tool = host.Wrap((CancellationToken token, int a) => a);

        Assert.That(() => tool(new CancellationToken(canceled: true), 1), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(host.Enforcer.Requests, Is.Empty);
    }

    private sealed class Upload
    {
        public string? Name { get; set; }

        public Stream? Content { get; set; }

        public Action? OnDone { get; set; }
    }

    private sealed class EmptyProvider : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
