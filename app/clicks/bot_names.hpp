// The list: names by which programs, seen in the wild, call themselves, in lower case. A new name goes where its kind
// is; order is the compiler's business. What the general rules of bots.cpp see already ("...bot", an address, no
// system) need not be here, and is if it is well known.
//
// Not here, because people look at pages with them: Instagram, Facebook ("FBAN", "FBAV"), Pinterest, Snapchat, Line and
// other apps that have a browser inside; Samsung Internet, UC Browser, Opera Mini, Silk, Puffin.
#pragma once

#include <string_view>

namespace clicks::names {

// clang-format off
inline constexpr std::string_view kSearchEngines[] = {
    "adsbot", "baidu transcoder", "baiduspider", "bingbot", "bingpreview", "daumoa", "duckduckbot", "duplexweb-google",
    "exabot", "google favicon", "google page speed", "google search console", "google web preview", "google-",
    "google_partner_monitoring", "googleadsenseinfeed", "googleagent-mariner", "googlebot", "googleimageproxy",
    "googleother", "mail.ru_bot", "mediapartners-google", "msnbot", "naver blog rssbot", "petalbot", "playstore-google",
    "qwantify", "seznambot", "slurp", "sogou web", "storebot-google", "teoma", "yacybot", "yahoo pipes",
    "yahoocachesystem", "yandexbot", "yandexmobilebot", "yeti/", "yisouspider",
};

inline constexpr std::string_view kSeoTools[] = {
    "abuse.xmco", "adbeat", "ahrefsbot", "ahrefssiteaudit", "attracta", "barkrowler", "blexbot", "builtwith",
    "cookiehubscan", "cookiehubverify", "cookieradar", "datafeedwatch", "dataforseobot", "datanyze", "dataprovider",
    "dotbot", "linkdex", "linktiger", "marketgoo", "megaindex", "mj12bot", "moatbot", "monsido", "netpeak",
    "netsystemsresearch", "onetrust", "outbrain", "pro-sitemaps", "proximic", "rogerbot", "rsiteauditor", "scope3",
    "scoutjet", "screaming frog seo spider", "semrushbot", "seokicks", "seranking", "serpstatbot", "silktide",
    "similartech", "sistrix", "siteanalyzer", "sitebulb", "siteimprove", "sitelock", "taginspector",
    "trendsmapresolver", "wappalyzer", "whatcms", "xenu link sleuth", "zoominfobot",
};

// They load what somebody has sent to somebody, before anyone has clicked on it.
inline constexpr std::string_view kPreviewers[] = {
    "akkoma", "bitlybot", "cardyb", "chatwork linkpreview", "discordbot", "discourse forum onebox", "embedly",
    "facebookcatalog", "facebookexternalhit", "facebookplatform", "facebot", "friendica", "gotosocial", "iframely",
    "kakaotalk-scrap", "line-poker", "linkedinbot", "mastodon", "mattermost-bot", "meta-externalads",
    "meta-externalfetcher", "misskey", "nuzzel", "odklbot", "opengraph", "peertube", "pinterestbot", "pleroma",
    "redditbot", "rocket.chat", "signal-linkpreview", "skypeuripreview", "slack-imgproxy", "slackbot",
    "slackbot-linkexpanding", "snap url preview service", "telegrambot", "twitterbot", "vkshare", "whatsapp",
    "xing-contenttabreceiver", "zoombot",
};

inline constexpr std::string_view kAi[] = {
    "ai2bot", "aihitbot", "amazonbot", "anthropic-ai", "applebot", "bytespider", "ccbot", "chatgpt-user",
    "claude-searchbot", "claude-user", "claude-web", "claudebot", "cohere-ai", "cohere-training-data-crawler", "devin/",
    "diffbot", "duckassistbot", "firecrawl", "firecrawlagent", "gemini-deep-research", "googleother-image", "gptbot",
    "kagi-fetcher", "manus-user", "meta-externalagent", "meta-webindexer", "mistralai-user", "newsai", "novaact",
    "oai-searchbot", "omgili", "omgilibot", "operator-agent", "panscient", "perplexity-user", "perplexitybot",
    "phindbot", "semantic-visions", "semanticscholarbot", "tiktokspider", "timpibot", "velenpublicwebcrawler", "youbot",
};

inline constexpr std::string_view kFeedReaders[] = {
    "apple-podcasts", "blogtrottr", "feedbin", "feedburner", "feeder.co", "feedfetcher", "feedparser", "feedpress",
    "feedspot", "feedvalidator", "freshrss", "g2reader", "magpierss", "miniflux", "newsnow", "nextcloud-news",
    "rss-parser", "simplepie", "spotify podcasts", "superfeedr", "theoldreader", "tiny tiny rss",
};

inline constexpr std::string_view kLibraries[] = {
    "ahc/", "aiohttp", "akka-http", "alamofire", "amazon cloudfront", "apache-httpasyncclient", "apache-httpclient",
    "asynchttpclient", "axios", "bun/", "colly", "commons-httpclient", "cpp-httplib", "cpprestsdk", "curl", "dart/",
    "deno/", "embarcadero", "eventmachine", "excon", "faraday", "fasthttp", "geturl", "go-http-client", "go-resty",
    "got/", "guzzle", "guzzlehttp", "gvfs", "hackney", "http.rb", "http_get", "http_request2", "httparty", "httpclient",
    "httpie", "httpunit", "httpurlconnection", "httpx", "hutool", "indy library", "insomnia", "jakarta commons",
    "jersey", "jetty", "jodd http", "ktor-client", "libcurl", "libfetch", "libsoup", "libwww", "libwww-perl",
    "lua-resty-http", "lwp", "lwp-request", "lwp-trivial", "mechanize", "needle/", "node-fetch", "node-superagent",
    "node.js", "node/", "nodejs", "nsurlsession", "okhttp", "openai-python", "pcore-http", "pear http_request",
    "php-curl-class", "php/", "phpcrawl", "postmanruntime", "powershell", "pycurl", "python", "python-httpx",
    "python-requests", "python-urllib", "python-urllib2", "python-urllib3", "reactornetty", "reqwest", "rest-client",
    "restsharp", "retrofit", "ruby/", "scalaj-http", "sogou http", "superagent", "typhoeus", "undici", "unirest",
    "ureq", "urlgrabber", "vert.x-webclient", "wget", "wget2", "windowspowershell", "winhttp", "winhttprequest",
    "wininet", "wordpress", "xmlhttp", "xmlrpc", "zend_http_client",
};

inline constexpr std::string_view kAutomation[] = {
    "chrome-lighthouse", "collapsify", "criticalcss", "cypress", "dareboost", "dmbrowser", "dmbrowser-bv",
    "dotcom-monitor", "electronjs-puppeteer", "functionize", "ghost inspector", "gtmetrix", "headless",
    "headlesschrome", "headlessedg", "hotjar", "htmlunit", "jsdom", "lighthouse", "miniature.io", "nightmare",
    "nitro-optimizer-agent", "pagespeed", "penthouse", "phantomjs", "playwright", "prerender", "printfriendly", "ptst",
    "puppeteer", "rendertron", "robotframework", "selenium", "slimerjs", "speedcurve", "splash version", "testlocally",
    "triflejs", "webdriver", "webpagetest", "wkhtmltoimage", "wkhtmltopdf", "ylt", "zombie.js",
};

inline constexpr std::string_view kSecurity[] = {
    "acunetix", "acunetix-product", "arachni/", "assetnote", "censys", "censysinspect", "commix/", "dirbuster",
    "evc-batch", "feroxbuster", "ffuf", "foregenix", "fuzz faster", "gobuster", "hardenize", "internet-measurement",
    "jorgee", "l9explore", "l9tcpid", "leakix", "masscan", "morfeus", "nessus", "netcraft", "netsparker", "nikto",
    "nmap", "nuclei", "openvas", "palo alto networks", "paloaltonetworks", "projectdiscovery", "qualys", "researchscan",
    "securityheaders", "shodan", "sqlmap", "ssl labs", "sucuri", "synack", "twinwave", "urlscan", "virustotal", "w3af",
    "watchtowr", "wfuzz", "whatweb", "wpscan", "xpanse", "zaproxy", "zgrab", "zmap", "zmeu",
};

inline constexpr std::string_view kMonitors[] = {
    "alertra", "appinsights", "better stack", "better uptime bot", "binarycanary", "blackbox exporter", "catchpoint",
    "check_http", "checkly", "cloudflare-alwaysonline", "cloudflare-healthchecks", "cloudflare-ssldetector",
    "cloudflare-traffic-manager", "cloudflarediagnostics", "cloudflareobservatory", "datadog", "datadogsynthetics",
    "dlc/", "elb-healthchecker", "freshping", "gomezagent", "googlehc", "googlestackdrivermonitoring-uptimechecks",
    "gotsitemonitor", "hetrixtools", "hyperspin", "iplabel", "ips-agent", "jetmon", "kube-probe", "monitis",
    "monitorss", "montools", "newrelicpinger", "newrelicsynthetics", "nodeping", "panopta", "pingdom",
    "pingdom.com_bot_version_1", "pingdomtms", "poduptime", "prtg", "rigor", "route53-health-check", "ruxitsynthetic",
    "sindup", "site24x7", "sqwatcher", "statuscake", "thousandeyes", "updown.io", "uptime-kuma", "uptimerobot",
    "uptimia", "uptrends", "watchmouse", "yottaamonitor", "zabbix",
};

inline constexpr std::string_view kArchivers[] = {
    "archive-it", "archive.org_bot", "archivebox", "archiveteam", "brozzler", "grab-site", "heritrix", "httrack",
    "ia_archiver", "instaparser", "nutch", "offline explorer", "perma.cc", "pocketparser", "sitesucker",
    "special_archiver", "teleport pro", "webcapture", "webcopier", "webcopy", "webzip", "wpull",
};

inline constexpr std::string_view kOthers[] = {
    "adscanner", "capitaloneshopping", "chrome privacy preserving prefetch proxy", "cloudflare-prefetch", "feedbot",
    "geedoshopproductfinder", "impact.com agent", "jobboersebot", "linkcheck", "ms search", "netshelter", "postrank",
    "pwabuilderhttpagent", "readable/", "rebelmouse", "scrapy", "sv-watchagent", "twingly", "ugaresearchagent", "upday",
    "validator.nu", "w3c-checklink", "w3c_css_validator", "w3c_i18n-checker", "w3c_validator", "zapier",
};
// clang-format on

}  // namespace clicks::names
