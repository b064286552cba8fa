using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AspNetCore.Tests.Support;

namespace Thoth.Interception.AspNetCore.Tests.Problems;

public class OpenApiTests
{
    [Test]
    public async Task Document_HasTheResponsesOfCallsThatDoNotRun()
    {
        await using var host = await WebHost.StartAsync(
            app =>
            {
                WebHost.MapDefault(app);
                app.MapOpenApi().AllowAnonymous();
                app.MapControllers().ProducesThothProblems();
            },
            builder => builder.Services.AddOpenApi().AddControllers().AddApplicationPart(typeof(OpenApiTests).Assembly));

        var document = await host.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        TestContext.Out.WriteLine(document);
        var paths = document.GetProperty("paths");
        var refund = paths.GetProperty("/refund").GetProperty("post").GetProperty("responses");
        var status = paths.GetProperty("/holds/{id}").GetProperty("get").GetProperty("responses");
        var events = paths.GetProperty("/holds/{id}/events").GetProperty("get").GetProperty("responses");

        Assert.Multiple(() =>
        {
            Assert.That(Names(refund), Is.EquivalentTo((string[])["200", "202", "400", "401", "403", "412", "503"]));
            foreach (var code in (string[])["202", "403", "503"])
            {
                Assert.That(Names(refund.GetProperty(code).GetProperty("content")), Is.EqualTo((string[])["application/problem+json"]), code);
            }

            Assert.That(Names(status), Is.EquivalentTo((string[])["200", "404"]));
            Assert.That(Names(events), Is.EquivalentTo((string[])["200", "204", "404"]));
            Assert.That(Names(events.GetProperty("200").GetProperty("content")), Is.EqualTo((string[])["text/event-stream"]));
            var state = document.GetProperty("components").GetProperty("schemas").GetProperty("HeldCallStatus").GetProperty("properties").GetProperty("state");
            Assert.That(state.ToString(), Does.Contain("HeldCallState").Or.Contain("pending"));
        });
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);
}
