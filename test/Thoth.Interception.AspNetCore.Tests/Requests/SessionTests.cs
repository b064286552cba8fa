using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.AspNetCore.Tests.Support;

namespace Thoth.Interception.AspNetCore.Tests.Requests;

public class SessionTests
{
    [Test]
    public async Task RequestsOfAConversation_HaveOneSessionWithItsHistory()
    {
        await using var host = await WebHost.StartAsync();
        using var first = await host.PostAsync("/read?order=A-1", conversation: "chat");
        using var second = await host.PostAsync("/read?order=A-2", conversation: "chat");

        var session = await host.SessionAsync(conversation: "chat");

        Assert.Multiple(() =>
        {
            Assert.That(session.User, Is.EqualTo("alice"));
            Assert.That(session.ToolCalls, Is.EqualTo((string[])["read", "read"]));
            Assert.That(session.Id, Does.Match("^[0-9a-f]{64}$"));
            Assert.That(host.Runs.Select(run => run.Session), Is.All.EqualTo(session.Id));
        });
    }

    [Test]
    public async Task TwoUsersWhoNameOneConversation_HaveOneEach()
    {
        await using var host = await WebHost.StartAsync();
        using var run = await host.PostAsync("/read?order=A-1", "alice", "chat");

        var (alice, bob) = (await host.SessionAsync("alice", "chat"), await host.SessionAsync("bob", "chat"));

        Assert.Multiple(() =>
        {
            Assert.That(bob.Id, Is.Not.EqualTo(alice.Id));
            Assert.That(bob.User, Is.EqualTo("bob"));
            Assert.That(bob.ToolCalls, Is.Empty);
        });
    }

    [Test]
    public async Task UserAndConversation_AreNotOneText()
    {
        await using var host = await WebHost.StartAsync();

        var ids = new[] { await host.SessionAsync("ab", "c"), await host.SessionAsync("a", "bc"), await host.SessionAsync("abc", "c") }.Select(session => session.Id);

        Assert.That(ids, Is.Unique);
    }

    [Test]
    public async Task EvictedConversation_StartsAnewUnderTheSameIdAndUser()
    {
        await using var host = await WebHost.StartAsync(thoth: options => options.Sessions.MaxSessions = 1);
        using var run = await host.PostAsync("/read?order=A-1", "alice", "chat");
        var before = await host.SessionAsync("alice", "chat");
        _ = await host.SessionAsync("bob", "chat");

        var after = await host.SessionAsync("alice", "chat");

        Assert.Multiple(() =>
        {
            Assert.That(before.ToolCalls, Has.Length.EqualTo(1));
            Assert.That(after.ToolCalls, Is.Empty);
            Assert.That((after.Id, after.User), Is.EqualTo((before.Id, "alice")));
        });
    }

    [Test]
    public async Task TwoMachinesWithOneKey_DeriveOneId()
    {
        await using var first = await WebHost.StartAsync(thoth: options => options.ApiKey = "key-1");
        await using var second = await WebHost.StartAsync(thoth: options => options.ApiKey = "key-1");
        await using var otherKey = await WebHost.StartAsync(thoth: options => options.ApiKey = "key-2");
        await using var ownKey = await WebHost.StartAsync(
            thoth: options => options.ApiKey = "key-1", web: options => options.SessionIdKey = "0123456789abcdef0123456789abcdef");
        await using var noKey = await WebHost.StartAsync();
        await using var noKeyOtherTenant = await WebHost.StartAsync(thoth: options => options.TenantId = "other");

        var ids = new List<string>();
        foreach (var host in (WebHost[])[first, second, otherKey, ownKey, noKey, noKeyOtherTenant])
        {
            ids.Add((await host.SessionAsync(conversation: "chat")).Id);
        }

        Assert.Multiple(() =>
        {
            Assert.That(ids[1], Is.EqualTo(ids[0]));
            Assert.That(ids.Skip(1), Is.Unique);
        });
    }

    [Test]
    public async Task RequestsWithoutAConversation_HaveASessionEach()
    {
        await using var host = await WebHost.StartAsync();
        using var first = await host.PostAsync("/read?order=A-1");
        using var second = await host.PostAsync("/read?order=A-1");

        Assert.Multiple(() =>
        {
            Assert.That(host.Runs.Select(run => run.User), Is.All.EqualTo("alice"));
            Assert.That(host.Runs.Select(run => run.Session), Is.Unique);
            Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public async Task RequestsThatCallNoTool_StartNoSession()
    {
        var sink = new InMemoryEventSink();
        await using var host = await WebHost.StartAsync(
            app =>
            {
                WebHost.MapDefault(app);
                app.MapGet("/nothing", () => "nothing");
            },
            builder => builder.Services.AddThoth().AddEventSink(sink));

        using var nothing = await host.GetAsync("/nothing");
        using var read = await host.PostAsync("/read?order=A-1");
        await host.App.Services.GetRequiredService<IEventPipeline>().FlushAsync();

        Assert.That(
            sink.Events.Select(e => e.Type),
            Is.EqualTo((BehavioralEventType[])[BehavioralEventType.SessionStarted, BehavioralEventType.ToolCallPre, BehavioralEventType.ToolCallPost]));
    }

    [Test]
    public async Task WorkThatOutlivesItsRequest_IsRefused()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<string>? late = null, lateInConversation = null;
        await using var host = await WebHost.StartAsync(app =>
        {
            WebHost.MapDefault(app);
            app.MapPost("/later", (IShopTools shop, HttpContext context) =>
            {
                var work = Task.Run(async () =>
                {
                    await goOn.Task;
                    return await shop.ReadAsync("A-1");
                });
                _ = context.Request.Headers.ContainsKey("Thoth-Conversation") ? lateInConversation = work : late = work;
            });
        });
        using var own = await host.PostAsync("/later");
        using var conversation = await host.PostAsync("/later", conversation: "chat");
        goOn.SetResult();

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(() => late!);

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(refusal!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionClosed));
            Assert.That(await lateInConversation!, Is.EqualTo("read A-1"));
            Assert.That((await host.SessionAsync(conversation: "chat")).ToolCalls, Is.EqualTo((string[])["read"]));
        });
    }

    [Test]
    public async Task UnauthenticatedRequest_Is401WithAChallenge()
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.PostAsync("/read?order=A-1", user: null, conversation: "chat");
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(response.Headers.WwwAuthenticate.ToString(), Is.EqualTo("Test"));
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(body.GetProperty("type").GetString(), Is.EqualTo("urn:thoth:problem:unauthenticated"));
            Assert.That(host.Runs, Is.Empty);
        });
    }

    [Test]
    public async Task EndpointThatAllowsAnonymousAccess_RunsButItsCallsDoNot()
    {
        await using var host = await WebHost.StartAsync(app =>
        {
            WebHost.MapDefault(app);
            app.MapGet("/login", () => "Sign in here.").AllowAnonymous();
            app.MapGet("/leak", (IShopTools shop) => shop.ReadAsync("A-1")).AllowAnonymous();
        });

        using var login = await host.GetAsync("/login", user: null);
        using var loginOfUnusableUser = await host.GetAsync("/login", user: "system");
        using var leakOfUnusableUser = await host.GetAsync("/leak", user: "system");
        using var leak = await host.GetAsync("/leak", user: null);
        using var missing = await host.GetAsync("/missing", user: null);

        Assert.Multiple(() =>
        {
            Assert.That(login.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(loginOfUnusableUser.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(leak.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(leakOfUnusableUser.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(missing.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(host.Runs, Is.Empty);
        });
    }

    [Test]
    public async Task AnonymousSessions_AreOwnOnesEvenInANamedConversation()
    {
        await using var host = await WebHost.StartAsync(web: options => options.UnauthenticatedRequests = UnauthenticatedRequests.OwnSession);
        using var first = await host.PostAsync("/read?order=A-1", user: null, conversation: "chat");
        using var second = await host.PostAsync("/read?order=A-1", user: null, conversation: "chat");
        var id = await host.HoldAsync(user: null, conversation: "chat");

        using var status = await host.GetAsync($"/holds/{id}", user: null);
        using var impostor = await host.PostAsync("/read?order=A-1", user: "anonymous");

        Assert.Multiple(() =>
        {
            Assert.That(host.Runs.Select(run => run.User), Is.EqualTo((string[])["anonymous", "anonymous"]));
            Assert.That(host.Runs.Select(run => run.Session), Is.Unique);
            Assert.That(status.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(impostor.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        });
    }

    [TestCase("system", Description = "the user of the process itself")]
    [TestCase("anonymous")]
    [TestCase("%20alice", Description = "would be trimmed to another user")]
    [TestCase("al%E2%80%8Bice", Description = "has a character that is invisible")]
    [TestCase("%0Aalice")]
    public async Task UserIdThatCannotBeUsed_Is403(string user)
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.PostAsync("/read?order=A-1", user);

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(host.Logs.At(LogLevel.Warning), Has.Some.Contains("UserIdClaims"));
            Assert.That(host.Runs, Is.Empty);
        });
    }

    [TestCase("", Description = "named, but empty")]
    [TestCase("a,b", Description = "two names that a proxy joined")]
    [TestCase("a\u0001b")]
    [TestCase("a\u200Bb")]
    public async Task MalformedConversation_Is400(string conversation)
    {
        await using var host = await WebHost.StartAsync();

        Assert.That(await RawStatusAsync(host, $"Thoth-Conversation: {conversation}"), Is.EqualTo(400));
    }

    [Test]
    public async Task SmuggledConversations_Are400()
    {
        await using var host = await WebHost.StartAsync();

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await RawStatusAsync(host, "Thoth-Conversation: a\r\nthoth-conversation: b"), Is.EqualTo(400));
            Assert.That(await RawStatusAsync(host, $"Thoth-Conversation: {new string('a', 257)}"), Is.EqualTo(400));
            Assert.That(await RawStatusAsync(host, $"Thoth-Conversation: {new string('a', 20_000)}"), Is.EqualTo(400));
            Assert.That(await RawStatusAsync(host, "Thoth-Held: a\r\nThoth-Held: b"), Is.EqualTo(400));
            Assert.That(await RawStatusAsync(host, $"Thoth-Conversation: {new string('a', 256)}"), Is.EqualTo(200));
        });
    }

    [Test]
    public async Task Conversation_IsFoundInRouteHeaderCookieOrByDelegate()
    {
        await using var host = await WebHost.StartAsync(
            app =>
            {
                WebHost.MapDefault(app);
                app.MapGet("/chats/{chatId}", (IThothSessions sessions) => sessions.Current.Id);
            },
            web: options =>
            {
                options.ConversationRouteValue = "chatId";
                options.ConversationCookie = "chat";
                options.Conversation = context => context.Request.Query["chat"] is [{ } chat] ? chat : null;
            });
        var expected = (await host.SessionAsync(conversation: "seven")).Id;

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await TextAsync("/chats/seven"), Is.EqualTo(expected));
            Assert.That(await TextAsync("/chats/seven", ("Thoth-Conversation", "eight"), ("Cookie", "chat=nine")), Is.EqualTo(expected));
            Assert.That(await TextAsync("/chats/eight?chat=seven"), Is.EqualTo(expected));
            Assert.That(await TextAsync("/session", ("Cookie", "chat=seven")), Does.Contain(expected));
            Assert.That(await TextAsync("/session", ("Cookie", "chat=eight"), ("Thoth-Conversation", "seven")), Does.Contain(expected));
        });

        async Task<string> TextAsync(string path, params (string, string)[] headers)
        {
            using var response = await host.SendAsync(HttpMethod.Get, path, headers: headers);
            return await response.Content.ReadAsStringAsync();
        }
    }

    [Test]
    public async Task UserId_IsTheConfiguredClaimOfAnAuthenticatedIdentity()
    {
        await using var host = await WebHost.StartAsync(
            app =>
            {
                app.Use((context, next) =>
                {
                    // An identity without an authentication type is not authenticated, whatever it claims.
                    context.User.AddIdentity(new ClaimsIdentity([new Claim("oid", "mallory")]));
                    context.User.AddIdentity(new ClaimsIdentity([new Claim("oid", "employee-7")], "Partner"));
                    return next(context);
                });
                WebHost.MapDefault(app);
            },
            web: options => options.UserIdClaims = ["missing", "oid"]);

        Assert.That((await host.SessionAsync("alice")).User, Is.EqualTo("employee-7"));
    }

    [Test]
    public async Task UserIdClaims_AreReadFromTheConfiguration()
    {
        await using var host = await WebHost.StartAsync(
            configuration: [("Thoth:AspNetCore:ConversationHeader", "X-Chat"), ("Thoth:AspNetCore:UnauthenticatedRequests", "OwnSession")]);

        using var one = await host.SendAsync(HttpMethod.Get, "/session", headers: ("X-Chat", "seven"));
        using var two = await host.SendAsync(HttpMethod.Get, "/session", headers: ("X-Chat", "seven"));
        using var anonymous = await host.GetAsync("/session", user: null);

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await two.Content.ReadAsStringAsync(), Is.EqualTo(await one.Content.ReadAsStringAsync()));
            Assert.That(anonymous.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public Task UnknownKeyOfTheSection_StopsTheStart() =>
        Assert.ThatAsync(
            async () => await WebHost.StartAsync(configuration: ("Thoth:AspNetCore:ConversatonHeader", "X-Chat")),
            Throws.InvalidOperationException.With.Message.Contains("ConversatonHeader"));

    [Test]
    public Task InvalidOptions_StopTheStart() =>
        Assert.ThatAsync(
            async () => await WebHost.StartAsync(web: options =>
            {
                options.SessionIdKey = "short";
                options.ConversationHeader = "thoth-held";
                options.AnonymousUserId = " ";
                options.UnauthenticatedRequests = (UnauthenticatedRequests)7;
            }),
            Throws.TypeOf<OptionsValidationException>().With.Property("Failures").Exactly(4).Items);

    [Test]
    public Task AnonymousUserThatIsTheProcessesOwn_StopsTheStart() =>
        Assert.ThatAsync(
            async () => await WebHost.StartAsync(thoth: options => options.UserId = "anonymous"),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("AnonymousUserId"));

    [TestCase("Production", "prod")]
    [TestCase("Staging", "staging")]
    public async Task Environment_IsTheHosts(string environment, string expected)
    {
        await using var host = await WebHost.StartAsync(environment: environment);
        await using var configured = await WebHost.StartAsync(environment: environment, configuration: ("Thoth:Environment", "eu-1"));

        await Assert.MultipleAsync(async () =>
        {
            Assert.That((await host.SessionAsync()).Environment, Is.EqualTo(expected));
            Assert.That((await configured.SessionAsync()).Environment, Is.EqualTo("eu-1"));
        });
    }

    [Test]
    public async Task ApplicationWithAuthenticationOfItsOwn_HasItsUser()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddThoth(options => (options.TenantId, options.AgentId) = ("acme", "agent")).UseLocalPolicy(policy => policy.Json = WebHost.Policy).AddAspNetCore();
        await using var app = builder.Build();
        app.Use((context, next) =>
        {
            context.User = context.Request.Headers["X-User"] is [{ } user]
                ? new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user)], "Own"))
                : context.User;
            return next(context);
        });
        app.UseThoth();
        app.MapGet("/user", (IThothSessions sessions) => sessions.Current.Context.UserId);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using var refused = await client.GetAsync("/user");
        client.DefaultRequestHeaders.Add("X-User", "alice");

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(refused.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(await client.GetStringAsync("/user"), Is.EqualTo("alice"));
        });
    }

    [Test]
    public async Task UseThothBeforeAuthentication_SaysSo()
    {
        await using var host = await WebHost.StartAsync(app =>
        {
            app.UseThoth();
            app.UseAuthentication();
            app.UseAuthorization();
            WebHost.MapTools(app);
        });

        using var response = await host.PostAsync("/read?order=A-1");

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(host.Logs.At(LogLevel.Error), Has.Some.Contains("InvalidOperationException"));
            Assert.That(host.Runs, Is.Empty);
        });
    }

    [Test]
    public async Task MissingUseThoth_RefusesCallsAndSaysSo()
    {
        await using var host = await WebHost.StartAsync(app =>
        {
            app.UseExceptionHandler();
            WebHost.MapTools(app);
        });

        using var response = await host.PostAsync("/read?order=A-1");
        using var holds = await host.GetAsync("/holds/abc");

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(host.Logs.At(LogLevel.Error), Has.Some.Contains("Call app.UseThoth() after app.UseAuthentication()").And.Some.Contains("HTTP: POST /read"));
            Assert.That(holds.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(host.Runs, Is.Empty);
        });
    }

    [Test]
    public void UseThothWithoutItsServices_SaysSo()
    {
        var app = WebApplication.CreateBuilder().Build();

        Assert.Multiple(() =>
        {
            Assert.That(() => app.UseThoth(), Throws.InvalidOperationException.With.Message.Contains("AddAspNetCore"));
            Assert.That(() => app.MapThothHolds("/holds"), Throws.InvalidOperationException.With.Message.Contains("AddAspNetCore"));
        });
    }

    [Test]
    public async Task HostedService_NeedsASessionOfItsOwn()
    {
        await using var host = await WebHost.StartAsync(build: builder => builder.Services.AddSingleton<IHostedService, NightlyReport>());

        Assert.Multiple(() =>
        {
            Assert.That(host.Runs, Is.EqualTo(((string, string, string)[])[("read", "system", "nightly-report")]));
            Assert.That(NightlyReport.Refusal!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionRequired));
        });
    }

    [Test]
    public async Task AddAspNetCoreAndUseThoth_CalledTwice_ChangeNothing()
    {
        await using var host = await WebHost.StartAsync(
            app =>
            {
                app.UseExceptionHandler();
                app.UseThoth();
                app.UseThoth();
                WebHost.MapTools(app);
            },
            builder =>
            {
                builder.Services.AddThoth().AddAspNetCore();
                builder.Services.AddThothProblemDetails();
            });
        var id = await host.HoldAsync(conversation: "chat");
        await host.ApproveAsync(id);

        using var run = await host.PostAsync("/refund?order=A-1&amount=250", conversation: "chat", held: id);

        Assert.Multiple(() =>
        {
            Assert.That(run.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(host.Runs, Has.Count.EqualTo(1));
        });
    }

    /// <summary>Sends a header as it is: <see cref="HttpClient"/> would refuse or change it.</summary>
    private static async Task<int> RawStatusAsync(WebHost host, string header)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(host.App.Urls.First()).Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(
            $"GET /session HTTP/1.1\r\nHost: localhost\r\nX-User: alice\r\n{header}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return int.Parse((await reader.ReadLineAsync())!.Split(' ')[1]);
    }

    private sealed class NightlyReport(IThothSessions sessions, IShopTools shop) : IHostedService
    {
        public static PolicyViolationException? Refusal { get; private set; }

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            Refusal = await Assert.CatchAsync<PolicyViolationException>(() => shop.ReadAsync("A-1"));
            using (sessions.GetOrStart("nightly-report").Enter(cancellationToken))
            {
                await shop.ReadAsync("A-1");
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
