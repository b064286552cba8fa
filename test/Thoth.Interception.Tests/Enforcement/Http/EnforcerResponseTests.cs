using System.Net;
using Thoth.Interception.Enforcement.Http;

namespace Thoth.Interception.Tests.Enforcement.Http;

public class EnforcerResponseTests
{
    private readonly CancellationToken _over = new(canceled: true);

    [Test]
    public void Read_StreamEndsBecauseItsConnectionWasTakenAway_IsNotAResponse()
    {
        using var response = Response(HttpStatusCode.OK);

        Assert.That(() => EnforcerResponse.Read(response, TimeProvider.System, _over), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Read_TheSameWithAnError_LeavesItsStatus()
    {
        using var response = Response(HttpStatusCode.Forbidden);
        using var read = EnforcerResponse.Read(response, TimeProvider.System, _over);

        Assert.That((read.Status, read.Body.Length), Is.EqualTo((403, 0)));
    }

    /// <summary>Reading takes no token where it is synchronous: the end comes as an end of the stream.</summary>
    private static HttpResponseMessage Response(HttpStatusCode status) => new(status) { Content = new EndedContent() };

    private sealed class EndedContent : HttpContent
    {
        protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => Stream.Null;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
