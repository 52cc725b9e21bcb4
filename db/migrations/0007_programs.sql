-- Affiliate programs: how a link's program is known by the host that it leads to, and by which query parameters its
-- publisher is paid. The operator's to extend (`quietleaks program`). Links keep the program's name as a text of their
-- own: one that the table does not know is as good.

-- Names as a URL has them before the "=", each once.
create function are_parameter_names(names text[]) returns boolean language sql immutable as $$
  select count(*) <= 20 and count(*) = count(distinct name) and coalesce(bool_and(name ~ '^[A-Za-z0-9_.-]{1,64}$'), true)
    from unnest(names) as name
$$;

create table programs (
  name                text   primary key
                             check (char_length(name) between 1 and 100 and name = btrim(name) and name !~ '[\u0001-\u001f\u007f]'),
  identity_parameters text[] not null default '{}' check (are_parameter_names(identity_parameters)),
  click_parameters    text[] not null default '{}' check (are_parameter_names(click_parameters))
);
create unique index programs_name_key on programs (lower(name));
comment on table programs is
  'Redirects lose a commission before the program''s own host if a parameter of identity_parameters that the link has is '
  'missing there, and behind it if the merchant gets none of click_parameters.';
comment on column programs.identity_parameters is
  'What says, in a link to the program''s own hosts, whose it is. Empty: the path or the host says it. Links to other '
  'pages of these hosts lack them, and nothing is wrong with that. Letter case matters.';
comment on column programs.click_parameters is
  'What the program adds to the merchant''s URL so that the sale is counted; any one of them is proof. Where the '
  'merchant is the program, they are those of the link itself. Empty: not known, or none. Letter case matters.';

create table program_hosts (
  host    text collate "C" primary key,
  program text not null references programs (name) on update cascade on delete cascade,
  -- At least two labels, so that nobody takes a whole top-level domain; a letter in the last one, so no addresses.
  constraint program_hosts_host_is_plain check (
    octet_length(host) <= 253 and
    host ~ '^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+([a-z]|xn--)[a-z0-9-]{0,58}[a-z0-9]$')
);
create index program_hosts_program on program_hosts (program);
comment on table program_hosts is
  'A host stands for itself and for all names below it, unless a longer one stands here, too. Lower case.';

insert into programs (name, identity_parameters, click_parameters) values
  ('Admitad', '{}', '{admitad_uid}'),
  ('Adtraction', '{as}', '{}'),
  ('AliExpress', '{aff_short_key}', '{aff_fcid, aff_fsk, aff_trace_key}'),
  ('Amazon', '{tag}', '{tag}'),
  ('Ascend', '{}', '{clickId}'),
  ('AvantLink', '{pw}', '{avad}'),
  ('Awin', '{awinaffid}', '{awc}'),
  ('Booking.com', '{aid}', '{aid}'),
  ('CJ', '{}', '{cjevent}'),
  ('ClickBank', '{affiliate}', '{hop, hopId}'),
  ('Commission Factory', '{}', '{cfclick}'),
  ('Daisycon', '{wi}', '{}'),
  ('Digistore24', '{}', '{}'),
  ('eBay', '{campid, mkcid, mkevt, mkrid}', '{campid, mkcid, mkevt, mkrid}'),
  ('FlexOffers', '{foid}', '{}'),
  ('Impact', '{}', '{irclickid, irgwc}'),
  ('LTK', '{}', '{}'),
  ('Partnerize', '{}', '{clickref}'),
  ('PartnerStack', '{}', '{gsxid, ps_xid}'),
  ('Rakuten', '{id}', '{ranEAID, ranMID, ranSiteID}'),
  ('ShareASale', '{u}', '{sscid}'),
  ('Skimlinks', '{id}', '{}'),
  ('Sovrn', '{key}', '{}'),
  ('Target', '{}', '{afid, clkid}'),
  ('TradeDoubler', '{a}', '{tduid}'),
  ('TradeTracker', '{a}', '{}'),
  ('Walmart', '{}', '{irgwc, wmlspartner}'),
  ('Webgains', '{wgcampaignid}', '{wgu}');

insert into program_hosts (program, host)
select given.program, host
  from (values
  ('Admitad', 'ad.admitad.com alitems.com alitems.site'),
  ('Adtraction', 'track.adtraction.com'),
  ('AliExpress', 's.click.aliexpress.com'),
  ('Amazon', 'a.co amazon.ae amazon.ca amazon.cn amazon.co.jp amazon.co.uk amazon.co.za amazon.com amazon.com.au
    amazon.com.be amazon.com.br amazon.com.mx amazon.com.tr amazon.de amazon.eg amazon.es amazon.fr
    amazon.ie amazon.in amazon.it amazon.nl amazon.pl amazon.sa amazon.se amazon.sg amzn.asia amzn.eu
    amzn.to'),
  ('Ascend', 'gopjn.com pjatr.com pjtra.com pntra.com pntrac.com pntrs.com'),
  ('AvantLink', 'avantlink.com'),
  ('Awin', 'awin1.com tidd.ly zenaps.com'),
  ('Booking.com', 'booking.com'),
  ('CJ', 'afcyhf.com anrdoezrs.net apmebf.com awltovhc.com cj.dotomi.com dpbolvw.net emjcd.com ftjcfx.com
    jdoqocy.com kqzyfj.com lduhtrp.net qksrv.net tkqlhce.com tqlkg.com yceml.net'),
  ('ClickBank', 'hop.clickbank.net'),
  ('Commission Factory', 't.cfjump.com'),
  ('Daisycon', 'bdt9.net ds1.nl dt51.net glp8.net jf79.net lt45.net ndt5.net'),
  ('Digistore24', 'digistore24.com'),
  ('eBay', 'ebay.at ebay.be ebay.ca ebay.ch ebay.co.uk ebay.com ebay.com.au ebay.com.hk ebay.com.my ebay.com.sg
    ebay.de ebay.es ebay.fr ebay.ie ebay.it ebay.nl ebay.ph ebay.pl ebay.us'),
  ('FlexOffers', 'flexlinks.com flexlinkspro.com'),
  ('Impact', '7eer.net elfm.net evyy.net eyjo.net gqco.net hmxg.net ijrn.net jewn.net jyeh.net mtko.net ojrq.net
    pxf.io qflm.net sjv.io tcux.net vneoga.net zlvv.net'),
  ('LTK', 'liketk.it rstyle.me shopltk.com'),
  ('Partnerize', 'prf.hn'),
  ('PartnerStack', 'grsm.io partnerlinks.io'),
  ('Rakuten', 'linksynergy.com'),
  ('ShareASale', 'shareasale-analytics.com shareasale.com'),
  ('Skimlinks', 'fave.co redirectingat.com skimresources.com'),
  ('Sovrn', 'sovrn.co viglink.com'),
  ('Target', 'goto.target.com'),
  ('TradeDoubler', 'tradedoubler.com'),
  ('TradeTracker', 'tc.tradetracker.net'),
  ('Walmart', 'goto.walmart.com'),
  ('Webgains', 'track.webgains.com')
  ) as given (program, hosts), regexp_split_to_table(hosts, '\s+') as host;

create or replace function grant_roles() returns void language plpgsql as $$
declare
  service text;
begin
  execute format('revoke temporary on database %I from public', current_database());
  revoke execute on function change_account_counters(uuid[], bigint[]) from public;
  revoke execute on function ensure_click_partitions(integer, date, date) from public;
  revoke execute on function drop_old_click_partitions(date, integer) from public;
  revoke execute on function links_room(uuid) from public;
  revoke execute on function change_link_facets(uuid[], text[], text[], bigint[]) from public;
  revoke execute on function relist_all_links() from public;
  for service in select rolname from pg_roles where rolname in ('quietleaks_web', 'quietleaks_clicks', 'quietleaks_monitor')
  loop
    execute format('grant connect on database %I to %I', current_database(), service);
    execute format('grant usage on schema public to %I', service);
    execute format('grant select on plans, accounts, links, slugs, redirects, link_clicks_daily, account_counters, '
                   'schema_migrations to %I', service);
    case service
      when 'quietleaks_web' then
        grant select, insert, update, delete on api_keys, api_key_hashes, users to quietleaks_web;
        grant insert, update, delete on links, slugs to quietleaks_web;
        grant select on clicks, click_days, events to quietleaks_web;
        grant select on link_clicks_order, link_checks_order, link_tags, link_facets to quietleaks_web;
        grant select, insert, update, delete on idempotent_answers to quietleaks_web;
        grant select on programs, program_hosts to quietleaks_web;
        grant execute on function links_room(uuid) to quietleaks_web;
      when 'quietleaks_clicks' then
        grant update (clicks_30d, clicks_day, clicks_until) on links to quietleaks_clicks;
        grant insert, update on link_clicks_daily to quietleaks_clicks;
        grant select, insert on clicks, click_days to quietleaks_clicks;
        grant select, insert, update, delete on click_segments to quietleaks_clicks;
        grant select, delete on link_changes to quietleaks_clicks;
        grant select, update on link_changes_horizon to quietleaks_clicks;
        grant execute on function ensure_click_partitions(integer, date, date) to quietleaks_clicks;
        grant execute on function drop_old_click_partitions(date, integer) to quietleaks_clicks;
      when 'quietleaks_monitor' then
        grant update (status, failure_mode, last_checked_at) on links to quietleaks_monitor;
        grant select on programs, program_hosts to quietleaks_monitor;
    end case;
  end loop;
end $$;
