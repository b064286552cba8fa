using System.Text;
using Microsoft.Extensions.Primitives;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Reload;

namespace Thoth.Interception.Tests.LocalPolicy.Support;

/// <summary>A policy source whose text the test changes.</summary>
internal sealed class FakePolicySource(string text) : IPolicySource
{
    private CancellationTokenSource _change = new();

    public string Name => "fake.json";

    public string? Text { get; set; } = text;

    public int Reads { get; private set; }

    public byte[] Read()
    {
        Reads++;
        return Text is null
            ? throw new PolicyLoadException(Name, [new PolicyLoadError { Line = 0, Column = 0, Key = "", Message = "gone" }])
            : Encoding.UTF8.GetBytes(Text);
    }

    public IChangeToken Watch() => new CancellationChangeToken(_change.Token);

    public void SignalChange()
    {
        var previous = Interlocked.Exchange(ref _change, new());
        previous.Cancel();
    }
}
